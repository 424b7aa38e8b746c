using Tarn.CommandLine;

namespace Tarn.Tests.Commands.Governance;

/// <summary>Commands about what there is, for another warehouse than the first.</summary>
public sealed class OtherWarehouseTests : IAsyncLifetime, IDisposable
{
    private readonly TarnProcess _tarn = new();

    public async Task InitializeAsync()
    {
        await RunAsync("sql", "CREATE SCHEMA s; CREATE TABLE s.first AS SELECT 1 AS id");
        await RunAsync("catalog", "create", "w2");
        await RunAsync("sql", "CREATE SCHEMA w2.s; CREATE TABLE w2.s.second AS SELECT 1 AS id; ALTER TABLE w2.s.second SET TAGS ('pii')");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _tarn.Dispose();

    [Theory]
    [InlineData("tables --warehouse w2", "second")]
    [InlineData("tables s --warehouse w2", "second")]
    [InlineData("tables --warehouse lake", "first")]
    [InlineData("tables", "first")]
    [InlineData("search s --warehouse w2", "second")]
    [InlineData("tag list --warehouse w2", "second")]
    [InlineData("tag list s.second --warehouse w2", "second")]
    [InlineData("tag list w2.s.second", "second")]
    public async Task List_OfAWarehouse_ShowsWhatIsThere(string words, string shown)
    {
        string text = await RunAsync([.. words.Split(' '), "--format", "ndjson"]);
        Assert.Contains(shown, text, StringComparison.Ordinal);
        Assert.DoesNotContain(shown == "first" ? "second" : "first", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tables --warehouse w3", "w3")]
    [InlineData("tag list s.first --warehouse w2", "s.first")]
    [InlineData("tag list w2.s.first", "w2.s.first")]
    public async Task List_OfWhatIsNotThere_SaysSo(string words, string named)
    {
        var result = await _tarn.RunAsync(words.Split(' '));
        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] words)
    {
        var result = await _tarn.RunAsync(words);
        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
        return result.Out;
    }
}
