using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Tarn.Metastore.Postgres;
using Tarn.Metastore.Tests.Postgres;
using Tarn.Testing;
using Tarn.Testing.Postgres;

namespace Tarn.Metastore.Tests.Processes;

/// <summary>Two processes with 16 committers each on one PostgreSQL, killed without warning.</summary>
[Collection(PostgresFixture.Name)]
public sealed class PostgresProcessTests(PostgresFixture fixture)
{
    private const int Threads = 16;
    private readonly ConcurrentDictionary<string, bool> _tried = new(), _unknown = new();
    private readonly ConcurrentDictionary<string, long> _done = new();
    private int _nextProcess;

    [Fact]
    public async Task TwoProcesses_KilledAtRandomMoments_LoseNothingAndRepeatNothing()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        using (var log = new PostgresCommitLog(options))
            await log.AppendAsync(PostgresCommitter.Begin());
        int rounds = Soak.Rounds(2, 60);
        var random = new Random(Soak.Seed);
        for (int round = 0; round < rounds; round++)
        {
            // One is killed; the other finishes and must not notice.
            var killed = Start(server, options, int.MaxValue, random.Next(1, 400));
            Assert.Equal(0, await Start(server, options, 8, int.MaxValue));
            await killed;
            await VerifyAsync(options);
        }

        Console.WriteLine($"soak: {rounds} of {2 * rounds} processes with {Threads} committers each were killed on one PostgreSQL: {_done.Count} acknowledged commits of {_tried.Count}, seed {Soak.Seed}, a linear history, none lost, none twice");
    }

    private async Task<int> Start(PostgresServer server, PostgresOptions options, int count, int killAfter)
    {
        string name = $"p{Interlocked.Increment(ref _nextProcess)}";
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(PostgresProcessTests).Assembly.Location, "commit-postgres", options.Schema, name, $"{Threads}", count.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [PostgresCommitter.Variable] = server.Address() },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        for (int lines = 0; await process.StandardOutput.ReadLineAsync() is { } line; lines++)
        {
            if (lines >= killAfter && !process.HasExited)
                process.Kill();
            Note(line.Split(' '));
        }

        await process.WaitForExitAsync();
        string said = await errors;
        Assert.True(said.Length == 0, said);
        return process.ExitCode;
    }

    private void Note(string[] words)
    {
        switch (words)
        {
            case ["try", var id]:
                _tried[id] = true;
                break;
            case ["done", var id, var number]:
                _done[id] = long.Parse(number, CultureInfo.InvariantCulture);
                break;
            case ["unknown", var id]:
                _unknown[id] = true;
                break;
        }
    }

    private async Task VerifyAsync(PostgresOptions options)
    {
        using var log = new PostgresCommitLog(options);
        var stands = new Dictionary<string, long>();
        long next = 1;
        var time = DateTimeOffset.MinValue;
        await foreach (var commit in log.ReadHistoryAsync())
        {
            Assert.Equal(next++, commit.Number);
            Assert.True(commit.Time >= time);
            time = commit.Time;
            if (commit.Changes[0] is CatalogChange.PutTable put)
                stands.Add(put.MetadataLocation, commit.Number); // throws for one that landed twice
        }

        Assert.Empty(_unknown);
        Assert.All(_done, done => Assert.Equal(done.Value, stands[done.Key]));
        Assert.All(stands.Keys, id => Assert.Contains(id, _tried.Keys));
    }
}
