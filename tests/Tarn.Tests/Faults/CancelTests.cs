using System.Diagnostics;
using Tarn.CommandLine;

namespace Tarn.Tests.Faults;

/// <summary>Ctrl-C and SIGTERM in the middle of long work: exit code 130, and the lake as it was.</summary>
public sealed class CancelTests : IDisposable
{
    private const string Endless = "range(1000000000000) r(i)";
    private readonly TarnProcess _tarn = new() { ShowsProgress = true };

    public void Dispose() => _tarn.Dispose();

    [Theory]
    [InlineData("INT", "INSERT INTO s.t SELECT i, i * 7 FROM " + Endless)]
    [InlineData("TERM", "CREATE TABLE s.u AS SELECT i, i::VARCHAR AS v FROM " + Endless)]
    public async Task Write_Cancelled_ChangesNothing(string signal, string sql)
    {
        var lake = await FaultLake.CreateAsync(Path.Join(_tarn.Folder, "lake"), batches: 1);
        var before = lake.Contents();
        using var process = _tarn.Start("--data", lake.Folder, "sql", "-c", sql);
        await WaitForAsync(process, () => lake.Staged().Any(folder => Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories).Any()));
        var result = await TarnProcess.EndAsync(process, signal);

        AssertCancelled(result);
        Assert.Equal(before, lake.Contents());
        Assert.Empty(lake.Staged());
        Assert.Equal([0], await lake.BatchesAsync());
    }

    [Theory]
    [InlineData("INT", "SELECT i FROM " + Endless)]
    [InlineData("TERM", "SELECT 1 AS one; SELECT count(*) AS n FROM " + Endless + " WHERE hash(i) % 7 = 1")]
    public async Task Query_Cancelled_Ends(string signal, string sql)
    {
        var lake = await FaultLake.CreateAsync(Path.Join(_tarn.Folder, "lake"));
        var before = lake.Contents();
        using var process = _tarn.Start("--data", lake.Folder, "sql", "--format", "csv", "-c", sql);
        // The first result, or word of progress, says that the query runs.
        var running = sql.Contains("count(*)", StringComparison.Ordinal) ? process.StandardError : process.StandardOutput;
        await running.ReadAsync(new char[1]);

        AssertCancelled(await TarnProcess.EndAsync(process, signal));
        Assert.Equal(before, lake.Contents());
        Assert.Empty(lake.Staged());
    }

    private static void AssertCancelled(ProcessResult result)
    {
        Assert.Equal(ExitCode.Cancelled, result.ExitCode);
        Assert.EndsWith("cancelled\n", result.Error, StringComparison.Ordinal);
    }

    private static async Task WaitForAsync(Process process, Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition() && !process.HasExited && await timer.WaitForNextTickAsync())
        {
        }

        Assert.False(process.HasExited);
    }
}
