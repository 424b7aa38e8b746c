using System.Text;
using Tarn.Engine.Planning;

namespace Tarn.Engine.Tests.Planning;

public sealed class TextOffsetsTests
{
    [Theory]
    [InlineData("SELECT a")]
    [InlineData("SELECT 'ä', '€', '🐟' AS x, a")]
    public void Of_EachCharacter_IsWhereItsBytesBegin(string text)
    {
        var offsets = new TextOffsets(text);
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || !char.IsLowSurrogate(text[i]))
                Assert.Equal(i, offsets.Of(Encoding.UTF8.GetByteCount(text.AsSpan(0, i))));
        }

        Assert.Equal(text.Length, offsets.Of(10_000));
    }
}
