using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Metastore;
using Tarn.Metastore.Postgres;
using Tarn.Storage.Local;
using Tarn.Testing;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Postgres;

namespace Tarn.Tests.Server.Committing;

/// <summary>
/// Two whole servers on one PostgreSQL and one folder of files, 32 clients that commit over REST at both, answers lost on the way, and either server killed again and
/// again: the history is linear, what was acknowledged stands, what is unknown stands once or not at all, and nothing is applied twice.
/// </summary>
public sealed class TwoServersTests : IDisposable
{
    private const string AccessKey = "ROOTKEY", SecretKey = "root-secret-key", Schema = "tarn";
    private const int Clients = 32;

    // Of each step of a round, far above what it takes on a machine that does much else: it tells servers that hang from servers that are slow.
    private static readonly TimeSpan s_roundLimit = TimeSpan.FromMinutes(15);

    private readonly PostgresServer? _postgres = PostgresServer.TryStart();
    private readonly string _lake = Directory.CreateTempSubdirectory("tarn-two-servers").FullName;
    private readonly Random _random = new(Soak.Seed);

    public void Dispose()
    {
        _postgres?.Dispose();
        Directory.Delete(_lake, recursive: true);
    }

    [Fact]
    [SuppressMessage("Security", "CA5394", Justification = "A seed makes the run repeatable.")]
    public async Task Load_EitherServerKilledAndAnswersLost_LosesNothingAndAppliesNothingTwice()
    {
        if (_postgres is null)
            return;
        int rounds = Soak.Rounds(slice: 1, full: 10), commits = Soak.Factor == 0 ? 100 : 400, killsOfRound = Soak.Factor == 0 ? 2 : 6, kills = 0, acknowledged = 0, lost = 0, unknown = 0;
        var servers = await StartAsync().WaitAsync(s_roundLimit);
        try
        {
            var identity = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AccessKey}:{SecretKey}")));
            await SendAsync(servers[0], identity, "namespaces", """{"namespace":["n"]}""");
            for (int round = 0; round < rounds; round++)
            {
                var table = TableIdentifier.Of("n", $"t{round}");
                await SendAsync(servers[round % 2], identity, "namespaces/n/tables", $$$"""{"name":"{{{table.Name}}}","schema":{"type":"struct","fields":[{"id":1,"name":"id","type":"long","required":false}]},"properties":{"format-version":"{{{2 + (round % 2)}}}"}}""");
                var ledger = new CommitLedger();
                await LoadAsync(servers, identity, table, ledger, commits, killsOfRound);
                await VerifyAsync(table, ledger).WaitAsync(s_roundLimit);
                (kills, acknowledged, lost, unknown) = (kills + killsOfRound, acknowledged + ledger.Acknowledged, lost + ledger.Lost, unknown + ledger.Unknown.Count);
            }
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"TARN_SEED={Soak.Seed}, after {kills} kills", error);
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }

        Console.WriteLine($"soak: two servers on one PostgreSQL, {Clients} clients over REST, {kills} kills, {lost} answers lost: {acknowledged} acknowledged commits stand once, {unknown} of unknown outcome once or not at all, seed {Soak.Seed}");
    }

    /// <summary>Loads the servers, kills now this one, now that one, and ends when enough was acknowledged.</summary>
    /// <exception cref="TimeoutException">It did not come so far in time; the message says what everybody was doing.</exception>
    [SuppressMessage("Security", "CA5394", Justification = "A seed makes the run repeatable.")]
    private async Task LoadAsync(KilledCatalog[] servers, AuthenticationHeaderValue identity, TableIdentifier table, CommitLedger ledger, int commits, int kills)
    {
        using var store = new LocalObjectStore(null);
        var clients = Enumerable.Range(0, Clients).Select(i => new LoadClient(i, servers, identity, store, table, ledger, new Random(_random.Next()))).ToList();
        using var limit = new CancellationTokenSource(s_roundLimit);
        using var over = new CancellationTokenSource();
        var load = Task.WhenAll(clients.Select(c => Task.Run(() => c.RunAsync(() => over.IsCancellationRequested))));
        int killed = 0;
        try
        {
            for (; killed < kills; killed++)
            {
                await ledger.ReachedAsync(ledger.Acknowledged + 1 + _random.Next(commits / kills), load).WaitAsync(limit.Token);
                await servers[killed % servers.Length].KillAsync().WaitAsync(limit.Token);
            }

            await ledger.ReachedAsync(Math.Max(commits, ledger.Acknowledged + Clients), load).WaitAsync(limit.Token);
            await over.CancelAsync();
            await load.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException error) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"A round on {table} is not over after {s_roundLimit}: {killed} of {kills} kills, {ledger.Acknowledged} of {commits} commits acknowledged, {ledger.Lost} answers lost. "
                + $"Servers that are up: {servers.Count(s => s.Up.IsCompleted)} of {servers.Length}. Clients: {string.Join("; ", clients.Select(c => c.Doing))}.",
                error);
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAny(load, Task.Delay(Timeout.Infinite, limit.Token));
            clients.ForEach(c => c.Dispose());
        }
    }

    private async Task VerifyAsync(TableIdentifier table, CommitLedger ledger)
    {
        using var log = new PostgresCommitLog(PostgresOptions.Parse(_postgres!.Address(), Schema));
        using var store = new LocalObjectStore(null);
        // 1. One line of commits, each request in one of them.
        var (number, keys, states) = (0L, new HashSet<Guid>(), new List<TableMetadata>());
        await foreach (var commit in log.ReadHistoryAsync())
        {
            Assert.Equal(++number, commit.Number);
            foreach (var request in commit.Changes.OfType<CatalogChange.RememberRequest>())
                Assert.True(keys.Add(request.Request.Key.Id), $"The request {request.Request.Key.Id} was applied twice.");
            foreach (var put in commit.Changes.OfType<CatalogChange.PutTable>().Where(p => p.Table == table))
                states.Add(TableMetadataJson.Read(await store.ReadAsync(put.MetadataLocation), put.MetadataLocation));
        }

        Assert.Empty(ledger.Keys.Keys.Except(keys));
        // 2. One line of snapshots; those that were acknowledged, and nothing that nobody sent.
        var (last, location) = (states[^1], (await log.ReadAsync()).Main.FindTable(table)!.MetadataLocation);
        var line = CommittedTable.Line(last, Snapshot.MainBranch).Select(s => s.SnapshotId).ToList();
        Assert.Equal(last.Snapshots.Select(s => s.SnapshotId).Order(), line.Order());
        Assert.Empty(ledger.Appended.Keys.Except(line));
        Assert.Empty(line.Except(ledger.Appended.Keys).Except(ledger.Unknown.Keys));
        var head = last.FindSnapshot(line[^1])!;
        await CommittedTable.VerifyAsync(store, new TableHandle(table, location, last), Total(head, "total-records"), line.Count);
        // 3. Properties: all that were acknowledged; numbers never came back.
        Assert.Empty(ledger.Set.Keys.Except(last.Properties.Keys));
        Assert.All(ledger.Counted, counted => Assert.Equal(counted.Value, Number(last, counted.Key)));
        foreach (var (before, after) in states.Zip(states.Skip(1)))
            Assert.All(ledger.Counted.Keys, name => Assert.InRange(Number(after, name) - Number(before, name), 0, 1));
    }

    private async Task<KilledCatalog[]> StartAsync()
    {
        TarnProcess first = NewTarn(), second = NewTarn();
        KilledCatalog[] servers = [new(first, "--warehouse-location", $"file://{_lake}"), new(second, "--warehouse-location", $"file://{_lake}")];
        await servers[0].StartAsync();
        string from = Path.Join(first.Folder, "tarn-data"), to = Path.Join(second.Folder, "tarn-data");
        Directory.CreateDirectory(Path.Join(to, ".keys"));
        foreach (string file in Directory.GetFiles(Path.Join(from, ".keys")).Append(Path.Join(from, "tarn.json")))
            File.Copy(file, Path.Join(to, Path.GetRelativePath(from, file)));
        await servers[1].StartAsync();
        return servers;
    }

    private TarnProcess NewTarn()
    {
        var tarn = new TarnProcess();
        File.WriteAllText(
            Path.Join(tarn.Folder, "tarn.yaml"),
            $"metastore:\n  postgres: \"{_postgres!.Address()}\"\n  schema: {Schema}\nroot:\n  access_key: {AccessKey}\n  secret_key: {SecretKey}\n");
        return tarn;
    }

    private static async Task SendAsync(KilledCatalog server, AuthenticationHeaderValue identity, string path, string body)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = identity } };
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync($"http://127.0.0.1:{(await server.Up).Port}/v1/lake/{path}", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static long Total(Snapshot snapshot, string name) => long.Parse(snapshot.Summary[name], CultureInfo.InvariantCulture);

    private static int Number(TableMetadata metadata, string name) => int.Parse(metadata.Properties.GetValueOrDefault(name, "0"), CultureInfo.InvariantCulture);
}
