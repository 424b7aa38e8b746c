using System.Text;
using System.Text.Json;
using Tarn.Core.Text;

namespace Tarn.Core.Tests.Text;

public sealed class PlainJsonTests
{
    [Fact]
    public void ToText_OfWhatHtmlWouldEscape_LeavesItAsItIs() =>
        Assert.Equal("""["a<b>&'é","\"\\\n"]""", PlainJson.ToText(json =>
        {
            json.WriteStartArray();
            json.WriteStringValue("a<b>&'é");
            json.WriteStringValue("\"\\\n");
            json.WriteEndArray();
        }));

    [Fact]
    public void ToUtf8_OfMoreThanExpected_IsWhole()
    {
        string text = new('x', 5000);
        Assert.Equal($"\"{text}\"", Encoding.UTF8.GetString(PlainJson.ToUtf8(json => json.WriteStringValue(text), expectedBytes: 16)));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void ToUtf8_DeeperThanAllowed_IsRefused(int levels, bool isRefused)
    {
        void Nested(Utf8JsonWriter json)
        {
            for (int i = 0; i < levels; i++)
                json.WriteStartArray();
            for (int i = 0; i < levels; i++)
                json.WriteEndArray();
        }

        var error = Record.Exception(() => PlainJson.ToUtf8(Nested, maxDepth: 3));
        Assert.Equal(isRefused, error is InvalidOperationException);
    }
}
