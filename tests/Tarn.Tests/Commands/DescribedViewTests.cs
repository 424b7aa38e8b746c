using System.Text.Json;
using Tarn.CommandLine;

namespace Tarn.Tests.Commands;

public sealed class DescribedViewTests : IDisposable
{
    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Describe_View_TellsWhatIsSaidOfItAndItsQuery()
    {
        await RunAsync("sql", "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS id; USE s");
        await RunAsync("sql", "USE s; CREATE VIEW s.v (id COMMENT 'the number') COMMENT 'worth a call' AS SELECT id\nFROM t; ALTER VIEW s.v SET AUTHORIZATION ada; ALTER VIEW s.v SET TAGS ('team' = 'calls')");
        string[] lines = [.. (await RunAsync("describe", "s.v", "--format", "ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        var rows = lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var facts = rows.Where(row => row.GetProperty("section").GetString() == "view").ToDictionary(row => row.GetProperty("name").GetString()!, row => row.GetProperty("value").GetString());

        Assert.Equal(
            ("s.v", "worth a call", "ada", "team=calls", "its own", "s", "1", "SELECT id\nFROM t"),
            (facts["view"], facts["description"], facts["owner"], facts["tags"], facts["default catalog"], facts["default schema"], facts["versions"], facts["sql (tarn)"]));
        var column = Assert.Single(rows, row => row.GetProperty("section").GetString() == "column");
        Assert.Equal(("id", "int", "the number"), (column.GetProperty("name").GetString(), column.GetProperty("value").GetString(), column.GetProperty("comment").GetString()));

        string text = await RunAsync("describe", "s.v");
        Assert.Contains("\n sql (tarn)       SELECT id\n                  FROM t\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("the number", text, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] words)
    {
        var result = await _tarn.RunAsync(words);
        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
        return result.Out;
    }
}
