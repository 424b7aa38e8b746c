using System.Text;
using System.Text.Json;
using Tarn.Core.Text;

namespace Tarn.Core.Tests.Text;

public sealed class JsonDefectTests
{
    [Theory]
    [InlineData("", "line 1, byte 1: nothing is there")]
    [InlineData(" \n ", "line 1, byte 1: nothing is there")]
    [InlineData("{\"a\": 1", "line 1, byte 8, in a: it ends before it is whole")]
    [InlineData("{\"a\": \"x", "line 1, byte 9, in a: it ends before it is whole")]
    [InlineData("{\"a\": tr", "line 1, byte 9, in a: it ends before it is whole")]
    [InlineData("{\n \"a\": [1, x]}", "line 2, byte 11, in a[0]: 'x' is not expected here")]
    [InlineData("{\"a\": {\"b\": é}}", "line 1, byte 13, in a.b: 'é' is not expected here")]
    [InlineData("{\"a\": 1} {", "line 1, byte 10: '{' is not expected here")]
    [InlineData("hello", "line 1, byte 1: 'h' is not expected here")]
    [InlineData("{\"a\": \"x\ty\"}", "line 1, byte 9, in a: a control character (0x09), which texts hold escaped only")]
    [InlineData("{\"namespace\": [\"a\", \"\\ud800\"]}", "line 1, byte 21, in namespace[1]: half of a surrogate pair (\\uD800 to \\uDFFF alone), which is no character")]
    [InlineData("{\"updates\": {\"x\": 1, \"\\uDC00y\": \"v\"}}", "line 1, byte 22, in updates: half of a surrogate pair (\\uD800 to \\uDFFF alone), which is no character")]
    [InlineData("{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2}}", "line 1, byte 24, in b: 'c' stands twice in one object")]
    [InlineData("[[[[1]]]]", "line 1, byte 4, in [0][0][0]: it is nested deeper than 3 levels")]
    [InlineData("{\"a\": [{}, \"\\ud83d\\ude00\", 1.5e3, null]}", null)]
    public void Find_OfADocument_TellsWhatAndWhere(string json, string? expected) => Assert.Equal(expected, JsonDefect.Find(json, maxDepth: 3, allowDuplicates: false)?.ToString());

    [Fact]
    public void Find_OfBytesThatAreNoUtf8_TellsTheFirst()
    {
        byte[] text = [.. "{\"a\": [\"é"u8, 0xE9, .. "\", x]}"u8];
        Assert.Equal("line 1, byte 11, in a[0]: a byte that is no UTF-8", JsonDefect.Find(text)?.ToString());
        Assert.Equal(JsonDefect.Find(text), JsonDefect.FindInTexts(text));
        Assert.Equal("line 1, byte 2, in [0]: 'x' is not expected here", JsonDefect.Find([.. "[x"u8, 0xE9])?.ToString());
    }

    [Fact]
    public void Find_OfWhatAParserRefuses_IsNeverNothing()
    {
        byte[] whole = Encoding.UTF8.GetBytes("""{"a":[1,-2.5e+3,{"b":"x\nA","c":[true,false,null]}],"d":{"e":{}}}""");
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte other in "{}[],:\"\\x0 -\n\u0001"u8)
            {
                byte[] damaged = [.. whole[..at], other, .. whole[(at + 1)..]];
                Assert.Equal(Parses(damaged), JsonDefect.Find(damaged) is null);
            }

            Assert.NotNull(JsonDefect.Find(whole.AsSpan(..at)));
        }
    }

    [Fact]
    public void Explain_OfWholeJson_IsWhatTheReaderMissed()
    {
        Assert.Equal("the value at '$[0]' is of another kind than it must be", JsonDefect.Explain("[{}]", Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<int[]>("[{}]"))));
        Assert.Equal("It is null", JsonDefect.Explain("null", new JsonException("It is null.")));
    }

    private static bool Parses(byte[] json)
    {
        try
        {
            JsonDocument.Parse(json).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
