using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Tarn.Benchmarks.S3;
using Tarn.Benchmarks.Sql;

namespace Tarn.Benchmarks.Rest;

/// <summary>
/// Commits a second on one table over REST, by 32 clients of a <c>tarn up</c> of its own, and how long loading the table takes. The processor time is the server's
/// alone; that of the clients is beside it, because both share the machine.
/// </summary>
internal static class RestCommitsBenchmark
{
    private const int Clients = 32, WarmUps = 500, WarmUpRounds = 3, MostAppendsPerSecond = 600, Loads = 2000;
    private const int AnswerBufferBytes = 1 << 16;

    // A server in use does not compile. It is ready when it does next to nothing for a while.
    private static readonly TimeSpan s_quietPeriod = TimeSpan.FromMilliseconds(300), s_quietTime = TimeSpan.FromMilliseconds(15), s_mostQuieting = TimeSpan.FromSeconds(20);
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
            using (var tables = await ServedTables.StartAsync(program, snapshots, MostAppendsPerSecond * seconds, WarmUps * WarmUpRounds, Clients).ConfigureAwait(false))
                await MeasureAsync(report, $"appends with written files; {snapshots} snapshots{keys}", tables, Clients, limit, table => AppendAsync(tables.Http, table, hasKeys)).ConfigureAwait(false);
            using (var tables = await ServedTables.StartAsync(program, snapshots, 0, 0, Clients).ConfigureAwait(false))
                await MeasureAsync(report, $"one property each; {snapshots} snapshots{keys}", tables, Clients, limit, table => SetPropertyAsync(tables.Http, table, hasKeys)).ConfigureAwait(false);
        }

        using (var tables = await ServedTables.StartAsync(program, snapshots, MostAppendsPerSecond * seconds, 0, Clients).ConfigureAwait(false))
            await MeasureAsync(report, $"appends with written files; {snapshots} snapshots, the server's first", tables, Clients, limit, table => AppendAsync(tables.Http, table, hasKey: false)).ConfigureAwait(false);
        using (var tables = await ServedTables.StartAsync(program, snapshots, 0, 0, Clients).ConfigureAwait(false))
        {
            foreach (string query in (string[])["", "?snapshots=refs"])
                await LoadAsync(report, $"loadTable, {snapshots} snapshots, one client{(query.Length > 0 ? ", snapshots=refs" : "")}", tables, query, null).ConfigureAwait(false);
            using var first = await tables.Http.GetAsync(tables.Measured.Path).ConfigureAwait(false);
            await LoadAsync(report, $"loadTable of an unchanged table, one client", tables, "", first.Headers.ETag).ConfigureAwait(false);
        }

        report.Line("");
        report.Line(Explanation(snapshots));
        report.Line("");
        await report.EnvironmentAsync(comparesDuckDb: false).ConfigureAwait(false);
        await report.WriteAsync(output).ConfigureAwait(false);
    }

    private static string Explanation(int snapshots) =>
        $"""
        {Clients} clients of one `tarn up` on one table of {snapshots} snapshots (100 manifests in the head) and on the same processors, each commit on the disk before it is answered. The answer to a commit, and to a
        full load, is the whole metadata, 0.6 MB at first and more with each snapshot; the clients read it to its end and do not parse it. *Appends with written files* are all made for the same head, so
        that each but the first is rebased, which is the most work that an append can be ([what of it is the commit itself](commits.md)). Before each row the server does the same {WarmUpRounds * WarmUps} times on
        another table and comes to rest, so that it has compiled what it runs; *the server's first* is the same without that. Targets: 200 commits a second; loadTable at most 2 ms at the median.
        """;

    private static Task LoadAsync(Report report, string what, ServedTables tables, string query, EntityTagHeaderValue? tag)
    {
        int left = Loads;
        return MeasureAsync(report, what, tables, 1, TimeSpan.MaxValue, async table =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, tables.Measured.Path + query);
            if (tag is not null)
                request.Headers.IfNoneMatch.Add(tag);
            using var answer = await tables.Http.SendAsync(request).ConfigureAwait(false);
            byte[] content = await answer.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
            if (tag is null ? content.Length == 0 || !answer.IsSuccessStatusCode : answer.StatusCode != System.Net.HttpStatusCode.NotModified)
                throw new InvalidOperationException($"{answer.StatusCode}: {Encoding.UTF8.GetString(content)}");
            return table == tables.Warm || --left > 0;
        });
    }

    private static async Task<bool> AppendAsync(HttpClient http, ServedTable table, bool hasKey)
    {
        if (!table.Appends.TryDequeue(out byte[]? body))
            return false;
        await CommitAsync(http, table, body, hasKey).ConfigureAwait(false);
        return true;
    }

    private static async Task<bool> SetPropertyAsync(HttpClient http, ServedTable table, bool hasKey)
    {
        await CommitAsync(http, table, Encoding.UTF8.GetBytes($$$"""{"requirements":[],"updates":[{"action":"set-properties","updates":{"k":"{{{Guid.NewGuid()}}}"}}]}"""), hasKey).ConfigureAwait(false);
        return true;
    }

    private static async Task CommitAsync(HttpClient http, ServedTable table, byte[] body, bool hasKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, table.Path) { Content = new ByteArrayContent(body) { Headers = { ContentType = s_json } } };
        if (hasKey)
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync().ConfigureAwait(false)}");
        await ReadToEndAsync(answer).ConfigureAwait(false);
    }

    // As a parser takes the answer: piece by piece, to its end.
    private static async Task ReadToEndAsync(HttpResponseMessage answer)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(AnswerBufferBytes);
        try
        {
            long got = 0;
            using var content = await answer.Content.ReadAsStreamAsync().ConfigureAwait(false);
            for (int read = await content.ReadAsync(buffer).ConfigureAwait(false); read > 0; read = await content.ReadAsync(buffer).ConfigureAwait(false))
                got += read;
            if (got != answer.Content.Headers.ContentLength)
                throw new InvalidOperationException($"{got} bytes came of {answer.Content.Headers.ContentLength}.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task WarmUpAsync(ServedTables tables, int clients, Func<ServedTable, Task<bool>> act)
    {
        for (int i = 0; i < WarmUpRounds; i++)
        {
            await Parallel.ForAsync(0, WarmUps, new ParallelOptions { MaxDegreeOfParallelism = clients }, async (_, _) => await act(tables.Warm).ConfigureAwait(false)).ConfigureAwait(false);
            var before = tables.Server.ProcessorTime;
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < s_mostQuieting; before = tables.Server.ProcessorTime)
            {
                await Task.Delay(s_quietPeriod).ConfigureAwait(false);
                if (tables.Server.ProcessorTime - before < s_quietTime)
                    break;
            }
        }
    }

    private static async Task MeasureAsync(Report report, string what, ServedTables tables, int clients, TimeSpan limit, Func<ServedTable, Task<bool>> act)
    {
        await WarmUpAsync(tables, clients, act).ConfigureAwait(false);
        var times = new ConcurrentBag<double>();
        var (servers, own) = (tables.Server.ProcessorTime, Environment.CpuUsage.TotalTime);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (bool isMore = true; isMore && Stopwatch.GetElapsedTime(start) < limit;)
            {
                long begun = Stopwatch.GetTimestamp();
                isMore = await act(tables.Measured).ConfigureAwait(false);
                if (isMore)
                    times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }))).ConfigureAwait(false);
        double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (servers, own) = (tables.Server.ProcessorTime - servers, Environment.CpuUsage.TotalTime - own);
        double[] sorted = [.. times];
        report.Line($"| {what} | {sorted.Length / took:F0} | {Pairs.Percentile(sorted, 0.5):F2} | {Pairs.Percentile(sorted, 0.99):F2} | {servers.TotalMilliseconds / sorted.Length:F2} | {own.TotalMilliseconds / sorted.Length:F2} |");
    }
}
