using Tarn.Core.Errors;
using Tarn.Metastore.Postgres;
using Tarn.Testing;
using Tarn.Testing.Net;
using Tarn.Testing.Postgres;
using Tarn.Testing.Time;

namespace Tarn.Metastore.Tests.Postgres;

/// <summary>Connections that end in the worst moment, and a server that goes away and comes back.</summary>
[Collection(PostgresFixture.Name)]
public sealed class PostgresConnectionTests(PostgresFixture fixture)
{
    [Theory]
    [InlineData(CuttingProxy.Cut.BeforeAnswer)]
    [InlineData(CuttingProxy.Cut.BeforeStatement)]
    public async Task Append_ConnectionCutAroundCommit_StandsOnceAndSaysSo(CuttingProxy.Cut at)
    {
        if (fixture.Server is not { } server)
            return;
        await using var proxy = new CuttingProxy(server.Port);
        string schema = PostgresServer.NewSchemaName();
        using var log = new PostgresCommitLog(PostgresOptions.Parse(server.Address(proxy.Port), schema));
        await log.AppendAsync(PostgresMigrationTests.Put("a"));
        for (int round = 0; round < 3; round++)
        {
            (proxy.At, proxy.CutsLeft) = (at, 1 + round);
            var commits = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => log.AppendAsync(PostgresMigrationTests.Put($"b{round}-{i}")).AsTask()));
            Assert.True(proxy.CutsLeft < 1 + round, "nothing was cut");
            var stands = await HistoryAsync(server, schema);
            Assert.All(commits, c => Assert.Equal(c.Time, stands[(int)c.Number - 1].Time));
            Assert.Equal(Enumerable.Range(1, stands.Count).Select(n => (long)n), stands.Select(c => c.Number));
            Assert.Equal(1 + (4 * (round + 1)), stands.Count);
        }
    }

    [Fact]
    public async Task Append_ServerGoneAfterCommit_IsUnknown()
    {
        if (fixture.Server is not { } server)
            return;
        await using var proxy = new CuttingProxy(server.Port);
        string schema = PostgresServer.NewSchemaName();
        using var log = new PostgresCommitLog(PostgresOptions.Parse(server.Address(proxy.Port), schema), new InstantTime());
        await log.AppendAsync(PostgresMigrationTests.Put("a"));
        var told = new List<string?>();
        log.AvailabilityChanged += told.Add;
        (proxy.IsGoneAfterCut, proxy.CutsLeft, proxy.At) = (true, 1, CuttingProxy.Cut.BeforeAnswer);
        var error = await Assert.ThrowsAsync<CommitStateUnknownException>(() => log.AppendAsync(PostgresMigrationTests.Put("b")).AsTask());
        Assert.DoesNotContain(PostgresServer.Password, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, (await HistoryAsync(server, schema)).Count);
        Assert.StartsWith("PostgreSQL at ", Assert.Single(told), StringComparison.Ordinal);
        proxy.At = CuttingProxy.Cut.None;
        Assert.Equal(2, (await log.ReadAsync()).Number);
        Assert.Null(told[1]);
        Assert.Equal(2, told.Count);
    }

    [Fact]
    public async Task Append_ServerCannotBeReached_IsUnavailableAndNothingChanges()
    {
        if (fixture.Server is not { } server)
            return;
        string schema = PostgresServer.NewSchemaName();
        PostgresCommitLog log;
        await using (var proxy = new CuttingProxy(server.Port))
        {
            log = new PostgresCommitLog(PostgresOptions.Parse(server.Address(proxy.Port), schema), new InstantTime());
            await log.AppendAsync(PostgresMigrationTests.Put("a"));
        }

        using (log)
        {
            Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<TarnException>(() => log.AppendAsync(PostgresMigrationTests.Put("b")).AsTask())).Kind);
            Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<TarnException>(() => log.ReadAsync().AsTask())).Kind);
        }

        Assert.Single(await HistoryAsync(server, schema));
    }

    /// <summary>The server crashes and restarts while commits are on their way: each lands once, and who was told so finds it.</summary>
    [Fact]
    public async Task Append_ServerRestartsInBetween_LandsOnce()
    {
        if (PostgresServer.TryStart() is not { } server)
            return;
        using (server)
        {
            // However long the restart takes on a busy machine.
            var options = server.NewSchema() with { ConnectPatience = TimeSpan.FromMinutes(2), RepairPatience = TimeSpan.FromMinutes(2) };
            using PostgresCommitLog one = new(options), other = new(options);
            int rounds = Soak.Rounds(1, 20);
            for (int round = 0; round < rounds; round++)
            {
                var commits = Enumerable.Range(0, 40).Select(i => Task.Run(async () => await (i % 2 == 0 ? one : other).AppendAsync(PostgresMigrationTests.Put($"r{round}-{i}")))).ToArray();
                await commits[0];
                server.Crash();
                server.Start();
                var told = await Task.WhenAll(commits);
                Assert.Equal(commits.Length, told.Select(c => c.Number).Distinct().Count());
            }

            var stands = await HistoryAsync(server, options.Schema);
            Assert.Equal(40 * rounds, stands.Count);
            Console.WriteLine($"soak: {rounds} crashes of PostgreSQL under 40 commits each, every commit landed once");
        }
    }

    private static async Task<List<CommitRecord>> HistoryAsync(PostgresServer server, string schema)
    {
        using var log = new PostgresCommitLog(PostgresOptions.Parse(server.Address(), schema));
        var found = new List<CommitRecord>();
        await foreach (var commit in log.ReadHistoryAsync())
            found.Add(commit);
        return found;
    }
}
