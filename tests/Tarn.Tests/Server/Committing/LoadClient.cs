using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text.Json;
using Tarn.Testing.Net;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Transactions;
using Tarn.Testing.Catalogs;

namespace Tarn.Tests.Server.Committing;

/// <summary>
/// A client that appends and sets properties over REST, at whichever server, half of the time with an idempotency key, and repeats blindly what it got no answer
/// to. Now and then it lets an unknown commit be.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "A seed makes the run repeatable.")]
internal sealed class LoadClient(int number, KilledCatalog[] servers, AuthenticationHeaderValue identity, IObjectStore store, TableIdentifier table, CommitLedger ledger, Random random) : IDisposable
{
    // A commit that is repeated this often without an answer says that a server hangs.
    private const int MaxTries = 60;
    private const int LostAnswerOneIn = 12, GivesUpOneIn = 3;

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1), DefaultRequestHeaders = { Authorization = identity } };
    private readonly AppendingClient _files = new(store, new Random(random.Next()));
    private int _counted;

    private enum Fate
    {
        Applied,
        Refused,
        Unknown,
    }

    /// <summary>What it does just now.</summary>
    public string Doing { get; private set; } = "starts";

    private string Path => $"/v1/lake/namespaces/{table.Namespace}/tables/{table.Name}";

    public void Dispose() => _http.Dispose();

    /// <summary>Commits until told to stop.</summary>
    public async Task RunAsync(Func<bool> isOver)
    {
        while (!isOver())
        {
            switch (random.Next(4))
            {
                case 0:
                    await CountAsync();
                    break;
                case 1:
                    await SetAsync();
                    break;
                default:
                    await AppendAsync();
                    break;
            }
        }
    }

    private async Task AppendAsync()
    {
        Guid? key = random.Next(2) == 0 ? Guid.CreateVersion7() : null;
        var commit = await _files.AppendAsync(await LoadAsync(), [1 + random.Next(9)]);
        long snapshot = commit.Updates.OfType<TableUpdate.AddSnapshot>().Single().Snapshot.SnapshotId;
        switch (await CommitAsync(commit, key, mayGiveUp: true))
        {
            case Fate.Applied:
                ledger.Appended[snapshot] = true;
                ledger.Acknowledge(key);
                break;
            case Fate.Unknown:
                ledger.Unknown[snapshot] = true;
                break;
        }
    }

    // Applied a second time, at whatever moment, a number would come back after a later one.
    private async Task CountAsync()
    {
        var (name, value, key) = ($"counted-{number}", _counted + 1, Guid.CreateVersion7());
        var fate = await CommitAsync(Properties(name, $"{value}"), key, mayGiveUp: false);
        Assert.Equal(Fate.Applied, fate);
        ledger.Counted[name] = _counted = value;
        ledger.Acknowledge(key);
    }

    // Without a key nobody can know what became of it: it is not repeated.
    private async Task SetAsync()
    {
        string name = $"set-{number}-{Guid.NewGuid():N}";
        Doing = $"{number} sets a property";
        if (await TryAsync(Body(Properties(name, "")), null) is not (Fate.Applied, _))
            return;
        ledger.Set[name] = true;
        ledger.Acknowledge(null);
    }

    private async Task<Fate> CommitAsync(TableCommit commit, Guid? key, bool mayGiveUp)
    {
        byte[] body = Body(commit);
        bool isUnknown = false;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            Doing = $"{number} commits, try {tries + 1}, {(isUnknown ? "unknown so far" : "nothing applied so far")}";
            var (fate, wasSent) = await TryAsync(body, key);
            isUnknown |= fate == Fate.Unknown && wasSent;
            if (fate == Fate.Applied || (fate == Fate.Refused && wasSent))
                return fate == Fate.Refused && isUnknown ? Fate.Unknown : fate;
            if (mayGiveUp && isUnknown && random.Next(GivesUpOneIn) == 0)
                return Fate.Unknown;
        }

        throw new InvalidOperationException($"Client {number} repeated a commit {MaxTries} times without an answer.");
    }

    /// <summary>One try at one of the servers; false when nothing of it arrived or the server says that it applied nothing and will later.</summary>
    private async Task<(Fate Fate, bool WasSent)> TryAsync(byte[] body, Guid? key)
    {
        var proxy = await AnyAsync();
        if (random.Next(LostAnswerOneIn) == 0)
            proxy.CutsLeft = 1;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{proxy.Port}{Path}") { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        if (key is { } id)
            request.Headers.Add("Idempotency-Key", id.ToString());
        try
        {
            using var answer = await _http.SendAsync(request);
            string text = await answer.Content.ReadAsStringAsync();
            return (int)answer.StatusCode switch
            {
                200 => (Fate.Applied, true),
                503 => (Fate.Unknown, false),
                500 when text.Contains("CommitStateUnknownException", StringComparison.Ordinal) => (Fate.Unknown, true),
                409 => (Fate.Refused, true),
                var other => throw new InvalidOperationException($"Client {number} was answered {other}: {text}"),
            };
        }
        catch (HttpRequestException error)
        {
            Interlocked.Increment(ref ledger.Lost);
            return (Fate.Unknown, error.HttpRequestError != HttpRequestError.ConnectionError);
        }
        catch (TaskCanceledException slow) when (slow.InnerException is TimeoutException)
        {
            // A busy machine, or a server that hangs: the number of tries tells the one from the other.
            Interlocked.Increment(ref ledger.Lost);
            return (Fate.Unknown, true);
        }
    }

    private async Task<TableHandle> LoadAsync()
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            Doing = $"{number} loads the table, try {tries + 1}";
            try
            {
                using var answer = await _http.GetAsync($"http://127.0.0.1:{(await AnyAsync()).Port}{Path}?snapshots=refs");
                string text = await answer.Content.ReadAsStringAsync();
                if ((int)answer.StatusCode == 503)
                    continue;
                Assert.True(answer.IsSuccessStatusCode, text);
                using var json = JsonDocument.Parse(text);
                string location = json.RootElement.GetProperty("metadata-location").GetString()!;
                return new TableHandle(table, location, TableMetadataJson.Read(json.RootElement.GetProperty("metadata"), location));
            }
            catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
            {
                Interlocked.Increment(ref ledger.Lost);
            }
        }

        throw new InvalidOperationException($"Client {number} could not load the table in {MaxTries} tries.");
    }

    private async Task<CuttingProxy> AnyAsync()
    {
        int first = random.Next(servers.Length);
        return await await Task.WhenAny([.. Enumerable.Range(0, servers.Length).Select(i => servers[(first + i) % servers.Length].Up)]);
    }

    private TableCommit Properties(string name, string value) => new(table, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { [name] = value })]);

    private static byte[] Body(TableCommit commit) =>
        [.. "{\"requirements\":"u8, .. TableRequirementJson.WriteAll(commit.Requirements), .. ",\"updates\":"u8, .. TableUpdateJson.WriteAll(commit.Updates), .. "}"u8];
}
