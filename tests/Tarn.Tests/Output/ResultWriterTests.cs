using System.Text.Json;
using Tarn.Output;
using Tarn.Tests.Fakes;

namespace Tarn.Tests.Output;

public sealed class ResultWriterTests
{
    private static async Task<MemoryStreams> WriteAsync(string sql, string format, bool terminal = false, int width = 80, bool expanded = false)
    {
        var streams = new MemoryStreams(outIsTerminal: terminal, width: width);
        await using var session = new DuckDbSession();
        await using var result = await session.ExecuteAsync(sql);
        await ResultWriter.WriteAllAsync(result, format, streams.Streams, expanded, CancellationToken.None);
        return streams;
    }

    private static async Task<string> JsonAsync(string expression)
    {
        string line = (await WriteAsync($"SELECT {expression} AS v", "ndjson")).Out;
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("v").GetRawText();
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("NULL", "null")]
    [InlineData("true", "true")]
    [InlineData("9007199254740992", "9007199254740992")]
    [InlineData("9007199254740993", "\"9007199254740993\"")]
    [InlineData("-9007199254740993", "\"-9007199254740993\"")]
    [InlineData("170141183460469231731687303715884105727::HUGEINT", "\"170141183460469231731687303715884105727\"")]
    [InlineData("18446744073709551615::UBIGINT", "\"18446744073709551615\"")]
    [InlineData("1.50::DECIMAL(10,2)", "\"1.50\"")]
    [InlineData("12345678901234567890123456789012345.678::DECIMAL(38,3)", "\"12345678901234567890123456789012345.678\"")]
    [InlineData("0.1::DOUBLE", "0.1")]
    [InlineData("0.1::FLOAT", "0.1")]
    [InlineData("'-0.0'::DOUBLE", "-0.0")]
    [InlineData("'-0.0'::FLOAT", "-0.0")]
    [InlineData("[0.0::DOUBLE, '-0.0'::DOUBLE]", "[0,-0.0]")]
    [InlineData("'NaN'::DOUBLE", "\"NaN\"")]
    [InlineData("'inf'::DOUBLE", "\"Infinity\"")]
    [InlineData("'-inf'::FLOAT", "\"-Infinity\"")]
    [InlineData("'\\xAB\\x00'::BLOB", "\"ab00\"")]
    [InlineData("DATE '2024-02-29'", "\"2024-02-29\"")]
    [InlineData("'infinity'::DATE", "\"infinity\"")]
    [InlineData("TIME '10:20:30.5'", "\"10:20:30.500000\"")]
    [InlineData("TIMESTAMP '2024-02-29 10:20:30.123456'", "\"2024-02-29T10:20:30.123456\"")]
    [InlineData("TIMESTAMP '1969-12-31 23:59:59.999999'", "\"1969-12-31T23:59:59.999999\"")]
    [InlineData("TIMESTAMP_NS '2024-02-29 10:20:30.123456789'", "\"2024-02-29T10:20:30.123456789\"")]
    [InlineData("TIMESTAMPTZ '2024-02-29 10:20:30+02'", "\"2024-02-29T08:20:30.000000+00:00\"")]
    [InlineData("'-infinity'::TIMESTAMP", "\"-infinity\"")]
    [InlineData("'infinity'::TIMESTAMP_NS", "\"2262-04-11T23:47:16.854775807\"")]
    [InlineData("['-infinity'::TIMESTAMP_NS]", "[\"1677-09-21T00:12:43.145224193\"]")]
    [InlineData("'0f9b4a8e-2c1d-4e6f-8a7b-1234567890ab'::UUID", "\"0f9b4a8e-2c1d-4e6f-8a7b-1234567890ab\"")]
    [InlineData("[1, NULL, 9007199254740993]", "[1,null,\"9007199254740993\"]")]
    [InlineData("{'a': 1.5::DECIMAL(3,1), 'b': [DATE '2024-01-01']}", "{\"a\":\"1.5\",\"b\":[\"2024-01-01\"]}")]
    [InlineData("MAP {'k': {'x': 'NaN'::DOUBLE}}", "[[\"k\",{\"x\":\"NaN\"}]]")]
    [InlineData("row(1, 'x')", "[1,\"x\"]")]
    [InlineData("'a\"b\\c' || chr(10) || chr(1) || '漢'", "\"a\\\"b\\\\c\\n\\u0001漢\"")]
    [InlineData("INTERVAL '14 months 3 days 3.5 seconds'", "\"P1Y2M3DT3.5S\"")]
    public async Task Json_OfEveryType_LosesNothing(string expression, string json) => Assert.Equal(json, await JsonAsync(expression));

    [Fact]
    public async Task Json_ColumnsOfOneName_KeepBothValues()
    {
        using var document = JsonDocument.Parse((await WriteAsync("SELECT 1 AS a, 2 AS a, 3 AS a_1", "json")).Out);

        Assert.Equal([1, 2, 3], document.RootElement[0].EnumerateObject().Select(property => property.Value.GetInt32()));
        Assert.Equal(3, document.RootElement[0].EnumerateObject().Select(property => property.Name).Distinct().Count());
    }

    [Fact]
    public async Task Json_WithoutRows_IsAnEmptyArray() => Assert.Equal("[]\n", (await WriteAsync("SELECT 1 AS a WHERE false", "json")).Out);

    [Fact]
    public async Task Csv_SpecialCharacters_AreQuoted() => Assert.Equal(
        "\"a,b\",c\n\"x\"\"y\",\"1\n2\"\n,\"\"\n",
        (await WriteAsync("SELECT * FROM (VALUES ('x\"y', '1' || chr(10) || '2'), (NULL, '')) AS t(\"a,b\", c)", "csv")).Out);

    [Fact]
    public async Task Markdown_PipesAndLines_AreEscaped() => Assert.Equal(
        "| a | n |\n| --- | ---: |\n| x\\|y<br>z | 1 |\n",
        (await WriteAsync("SELECT 'x|y' || chr(10) || 'z' AS a, 1 AS n", "markdown")).Out);

    [Fact]
    public async Task Table_Numbers_StandAtTheRight() => Assert.Equal(
        " name │   n\n──────┼─────\n a    │   1\n bb   │ 100\n",
        (await WriteAsync("SELECT * FROM (VALUES ('a', 1), ('bb', 100)) AS t(name, n)", "table")).Out);

    [Fact]
    public async Task Table_OnNarrowTerminal_FitsItsWidth()
    {
        var streams = await WriteAsync("SELECT repeat('x', 200) AS a, repeat('y', 100) AS b, 5 AS c", "table", terminal: true, width: 60);

        Assert.All(Plain(streams.Out), line => Assert.True(line.Length <= 60, line));
        Assert.Contains("x…", streams.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_MoreColumnsThanFit_LeavesOutTheLastAndSaysSo()
    {
        string columns = string.Join(", ", Enumerable.Range(0, 30).Select(i => $"'{new string('x', 20)}' AS c{i}"));
        var streams = await WriteAsync($"SELECT {columns}", "table", terminal: true, width: 80);

        Assert.All(Plain(streams.Out), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("columns do not fit", streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_NumbersOnNarrowTerminal_AreWholeOrLeftOut()
    {
        var streams = await WriteAsync("SELECT 5082126205781160123 AS snapshot, TIMESTAMP '2026-01-31 10:20:30.123456' AS committed_at, repeat('x', 50) AS note, 9223372036854775807 AS rows", "table", terminal: true, width: 60);

        Assert.All(Plain(streams.Out), line => Assert.True(line.Length <= 60, line));
        Assert.Contains("5082126205781160123", streams.Out, StringComparison.Ordinal);
        Assert.Contains("2026-01-31 10:20", streams.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("9223372", streams.Out, StringComparison.Ordinal);
        Assert.StartsWith("1 column does not fit", Plain(streams.Error)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_IntoAPipe_CutsNothing() =>
        Assert.Contains(new string('x', 300), (await WriteAsync("SELECT repeat('x', 300) AS a", "table")).Out, StringComparison.Ordinal);

    [Fact]
    public async Task Table_OneTextOfSeveralLines_IsShownInItsLines() => Assert.Equal(
        " v\n──────────────\n a\n   b \\x1b[31m\n",
        (await WriteAsync("SELECT 'a' || chr(10) || '  b ' || chr(27) || '[31m' AS v", "table")).Out);

    [Fact]
    public async Task Table_ControlCharacters_DoNotReachTheTerminal()
    {
        var streams = await WriteAsync("SELECT 'a' || chr(27) || '[31mb' || chr(10) AS v, 1 AS n", "table");

        Assert.Contains("a\\x1b[31mb\\n", streams.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expanded_Values_StandOnLinesOfTheirOwn() => Assert.Equal(
        "─[ row 1 ]\n a    │ 1\n long │ x\n",
        (await WriteAsync("SELECT 1 AS a, 'x' AS long", "table", expanded: true)).Out);

    [Fact]
    public async Task Write_ManyRows_StreamsThemAll()
    {
        var streams = await WriteAsync("SELECT range AS n FROM range(5000)", "table");

        Assert.Equal(5002, streams.Out.Count(c => c == '\n'));
    }

    private static string[] Plain(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, "\e\\[[0-9;]*m", "").TrimEnd('\n').Split('\n');
}
