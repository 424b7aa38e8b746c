using Tarn.Iceberg.Governance;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Processes;

/// <summary>Real processes on a real disk: they race, and they are killed without warning.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, bool> _tried = new(), _done = new();
    private int _nextWriter;

    [Fact]
    public async Task ManyProcesses_OneTable_EveryCommitLandsExactlyOnce()
    {
        int processes = 3, each = Soak.Rounds(15, 200);
        var running = Enumerable.Range(0, processes).Select(_ => Start(each, killAfter: int.MaxValue)).ToList();
        Assert.All(await Task.WhenAll(running), code => Assert.Equal(0, code));
        Assert.Equal(processes * each, _done.Count);
        await VerifyAsync();
        Console.WriteLine($"soak: {processes} processes committed {processes * each} times to one table, every commit landed once");
    }

    [Fact]
    public async Task KilledProcesses_AtRandomMoments_LoseNothingAcknowledged()
    {
        int rounds = Soak.Rounds(3, 100);
        var random = new Random(Soak.Seed);
        for (int round = 0; round < rounds; round++)
        {
            await Task.WhenAll(Start(int.MaxValue, random.Next(1, 25)), Start(int.MaxValue, random.Next(1, 25)));
            await VerifyAsync();
        }

        Console.WriteLine($"soak: {2 * rounds} processes killed while committing, {_done.Count} acknowledged commits of {_tried.Count}, seed {Soak.Seed}, none lost");
    }

    public void Dispose() => _folder.Dispose();

    // Killed once it has said a number of lines: somewhere between two system calls, nobody knows where.
    private async Task<int> Start(int count, int killAfter)
    {
        string writer = $"w{Interlocked.Increment(ref _nextWriter)}";
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ProcessTests).Assembly.Location, "commit", _folder["data"], writer, count.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        for (int lines = 0; await process.StandardOutput.ReadLineAsync() is { } line; lines++)
        {
            if (lines >= killAfter && !process.HasExited)
                process.Kill();
            if (line.Split(' ') is [var word, var number] && word is "try" or "done")
                (word == "try" ? _tried : _done)[$"{writer}-{number}"] = true;
        }

        await process.WaitForExitAsync();
        string said = await errors;
        Assert.True(said.Length == 0, said);
        return process.ExitCode;
    }

    private async Task VerifyAsync()
    {
        var data = DataFolder.OpenExisting(_folder["data"])!;
        using var store = new LocalObjectStore(data.Path);
        store.RemoveDeadStaging();
        Assert.DoesNotContain(Directory.EnumerateDirectories(_folder["data/.staging"]), _ => true);
        using var log = new EmbeddedCommitLog(data.MetastoreFolder);
        var catalog = new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation });
        var table = (await catalog.LoadTableAsync(Committer.Table))!;
        var properties = table.Metadata.Properties.Remove(GovernanceProperties.Owner);
        Assert.All(_done.Keys, done => Assert.Contains(done, properties.Keys));
        Assert.All(properties.Keys, landed => Assert.Contains(landed, _tried.Keys));
        foreach (string location in properties.Values)
            Assert.Equal(location, System.Text.Encoding.UTF8.GetString((await store.ReadAsync(location)).Span));
        int moves = 0;
        await foreach (var commit in log.ReadHistoryAsync())
            moves += commit.Changes.Count(c => c is CatalogChange.PutTable);
        Assert.Equal(properties.Count + 1, moves);
    }
}
