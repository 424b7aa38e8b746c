using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tarn.Benchmarks.Commits;
using Tarn.Benchmarks.S3;
using Tarn.Benchmarks.Sql;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;

namespace Tarn.Benchmarks.Rest;

/// <summary>
/// Commits a second on one table over REST, by 32 clients of a <c>tarn up</c> of its own, and how long loading the table takes. The processor time is the server's
/// alone; that of the clients is beside it, because both share the machine.
/// </summary>
internal static class RestCommitsBenchmark
{
    private const int Clients = 32, WarmUps = 200, MostAppendsPerSecond = 400, Loads = 2000;
    private const string Path = "/v1/lake/namespaces/bench/tables/events";

    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    public static async Task RunAsync(string program, int snapshots, int seconds, string? output)
    {
        var report = new Report("Commits on one table over REST", $"rest-commits TARN_EXECUTABLE {snapshots} {seconds}");
        var limit = TimeSpan.FromSeconds(seconds);
        report.Line("| what | per second | p50 ms | p99 ms | server's processor ms each | clients' processor ms each |");
        report.Line("|---|---|---|---|---|---|");
        foreach (bool hasKeys in (bool[])[false, true])
        {
            string keys = hasKeys ? ", each with an idempotency key" : "";
            await UseAsync(program, snapshots, async (server, http, bodies) =>
                await MeasureAsync(report, $"appends with written files; {snapshots} snapshots{keys}", server, Clients, limit, async () =>
                {
                    if (!bodies.TryDequeue(out byte[]? body))
                        return false;
                    await CommitAsync(http, body, hasKeys).ConfigureAwait(false);
                    return true;
                }).ConfigureAwait(false), (int)(WarmUps + (MostAppendsPerSecond * limit.TotalSeconds))).ConfigureAwait(false);
            await UseAsync(program, snapshots, async (server, http, _) =>
                await MeasureAsync(report, $"one property each; {snapshots} snapshots{keys}", server, Clients, limit, async () =>
                {
                    await CommitAsync(http, Encoding.UTF8.GetBytes($$$"""{"requirements":[],"updates":[{"action":"set-properties","updates":{"k":"{{{Guid.NewGuid()}}}"}}]}"""), hasKeys).ConfigureAwait(false);
                    return true;
                }).ConfigureAwait(false), 0).ConfigureAwait(false);
        }

        await UseAsync(program, snapshots, async (server, http, _) =>
        {
            foreach (string query in (string[])["", "?snapshots=refs"])
                await LoadAsync(report, $"loadTable, {snapshots} snapshots, one client{(query.Length > 0 ? ", snapshots=refs" : "")}", server, http, query, null).ConfigureAwait(false);
            using var first = await http.GetAsync(Path).ConfigureAwait(false);
            await LoadAsync(report, $"loadTable of an unchanged table, one client", server, http, "", first.Headers.ETag).ConfigureAwait(false);
        }, 0).ConfigureAwait(false);
        report.Line("");
        report.Line(Explanation(snapshots));
        report.Line("");
        await report.EnvironmentAsync(comparesDuckDb: false).ConfigureAwait(false);
        await report.WriteAsync(output).ConfigureAwait(false);
    }

    private static string Explanation(int snapshots) =>
        $"""
        {Clients} clients of one `tarn up` on one table of {snapshots} snapshots (100 manifests in the head) and on the same processors, each commit on the disk before it is answered. The answer to a commit, and to a
        full load, is the whole metadata, 0.6 MB at first and more with each snapshot. *Appends with written files* are all made for the same head, so that each but the first is rebased, which is the most
        work that an append can be ([what of it is the commit itself](commits.md)). Targets: 200 commits a second; loadTable at most 2 ms at the median.
        """;

    private static async Task LoadAsync(Report report, string what, ServerProcess server, HttpClient http, string query, EntityTagHeaderValue? tag)
    {
        int left = Loads;
        await MeasureAsync(report, what, server, 1, TimeSpan.MaxValue, async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Path + query);
            if (tag is not null)
                request.Headers.IfNoneMatch.Add(tag);
            using var answer = await http.SendAsync(request).ConfigureAwait(false);
            byte[] content = await answer.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
            if (tag is null ? content.Length == 0 || !answer.IsSuccessStatusCode : answer.StatusCode != System.Net.HttpStatusCode.NotModified)
                throw new InvalidOperationException($"{answer.StatusCode}: {Encoding.UTF8.GetString(content)}");
            return --left > 0;
        }).ConfigureAwait(false);
    }

    private static async Task CommitAsync(HttpClient http, byte[] body, bool hasKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) { Headers = { ContentType = s_json } } };
        if (hasKey)
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = await http.SendAsync(request).ConfigureAwait(false);
        byte[] content = await answer.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{answer.StatusCode}: {Encoding.UTF8.GetString(content)}");
    }

    private static async Task MeasureAsync(Report report, string what, ServerProcess server, int clients, TimeSpan limit, Func<Task<bool>> act)
    {
        var times = new ConcurrentBag<double>();
        if (clients > 1)
            await Parallel.ForAsync(0, WarmUps, new ParallelOptions { MaxDegreeOfParallelism = clients }, async (_, _) => await act().ConfigureAwait(false)).ConfigureAwait(false);
        var (servers, own) = (server.ProcessorTime, Environment.CpuUsage.TotalTime);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (bool isMore = true; isMore && Stopwatch.GetElapsedTime(start) < limit;)
            {
                long begun = Stopwatch.GetTimestamp();
                isMore = await act().ConfigureAwait(false);
                if (isMore)
                    times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }))).ConfigureAwait(false);
        double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (servers, own) = (server.ProcessorTime - servers, Environment.CpuUsage.TotalTime - own);
        double[] sorted = [.. times];
        report.Line($"| {what} | {sorted.Length / took:F0} | {Pairs.Percentile(sorted, 0.5):F2} | {Pairs.Percentile(sorted, 0.99):F2} | {servers.TotalMilliseconds / sorted.Length:F2} | {own.TotalMilliseconds / sorted.Length:F2} |");
    }

    /// <summary>Seeds a table in a fresh data folder, writes the files of some appends, and starts a server over it.</summary>
    private static async Task UseAsync(string program, int snapshots, Func<ServerProcess, HttpClient, ConcurrentQueue<byte[]>, Task> use, int appends)
    {
        string folder = Directory.CreateTempSubdirectory("tarn-rest-commits").FullName;
        try
        {
            var bodies = await SeedAsync(System.IO.Path.Join(folder, "data"), snapshots, appends).ConfigureAwait(false);
            using var server = ServerProcess.StartTarn(program, folder);
            using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients }) { BaseAddress = new Uri($"http://{server.Catalog}") };
            using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", LoadRequest.AccessKey), new("client_secret", LoadRequest.SecretKey)]);
            using var token = await http.PostAsync("/v1/oauth/tokens", form).ConfigureAwait(false);
            var granted = JsonSerializer.Deserialize<JsonElement>(await token.Content.ReadAsStringAsync().ConfigureAwait(false));
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", granted.GetProperty("access_token").GetString());
            await use(server, http, bodies).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ConcurrentQueue<byte[]>> SeedAsync(string folder, int snapshots, int appends)
    {
        var data = DataFolder.OpenOrCreate(folder);
        using var store = new LocalObjectStore(data.Path);
        using var log = new EmbeddedCommitLog(data.MetastoreFolder);
        var table = new SeededTable(new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation }), store);
        await table.CreateAsync(snapshots, 100).ConfigureAwait(false);
        var bodies = new ConcurrentQueue<byte[]>();
        await Parallel.ForAsync(0, appends, async (_, _) => bodies.Enqueue(Body(await table.AppendAsync().ConfigureAwait(false)))).ConfigureAwait(false);
        return bodies;
    }

    private static byte[] Body(TableCommit commit) =>
        [.. "{\"requirements\":"u8, .. TableRequirementJson.WriteAll(commit.Requirements), .. ",\"updates\":"u8, .. TableUpdateJson.WriteAll(commit.Updates), .. "}"u8];
}
