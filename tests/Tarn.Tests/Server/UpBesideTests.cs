using System.Net;
using Tarn.CommandLine;

namespace Tarn.Tests.Server;

/// <summary>The command line and the server on one data folder, also after a kill.</summary>
public sealed class UpBesideTests : IDisposable
{
    private readonly TarnProcess _tarn = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _tarn.Dispose();
    }

    [Fact]
    public async Task Up_KilledAndStartedAgain_TakesTheFolderOver()
    {
        await using (var first = await RunningServer.StartAsync(_tarn))
        {
            await _tarn.RunAsync("sql", "-c", "CREATE SCHEMA iceberg.s; CREATE TABLE iceberg.s.t (i INTEGER); INSERT INTO iceberg.s.t VALUES (42)");
            first.Send("KILL");
            await first.EndAsync();
        }

        await using var second = await RunningServer.StartAsync(_tarn);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(second.Http + "/health/ready")).StatusCode);
        Assert.Contains("42", (await _tarn.RunAsync("sql", "-c", "SELECT i FROM iceberg.s.t")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandLine_BesideARunningServer_WorksOnTheSameFolder()
    {
        await using var server = await RunningServer.StartAsync(_tarn);
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "a.csv"), "i,name\n1,x\n2,y\n");
        var ingest = await _tarn.RunAsync("ingest", "a.csv", "--table", "s.t");
        Assert.True(ingest.ExitCode == ExitCode.Done, ingest.ToString());
        var count = await _tarn.RunAsync("sql", "-c", "SELECT count(*) AS n FROM s.t", "--format", "csv");
        Assert.Equal("n\n2\n", count.Out);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(server.Http + "/health/ready")).StatusCode);
    }
}
