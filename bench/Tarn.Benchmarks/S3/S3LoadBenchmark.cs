using Tarn.Benchmarks.Sql;

namespace Tarn.Benchmarks.S3;

/// <summary>The S3 door beside its limits, in one run, with the client on the same processors.</summary>
internal static class S3LoadBenchmark
{
    private const int LargeBytes = 64 * 1024 * 1024, SmallBytes = 4096, SmallKeys = 64, Pairs = 3;
    private const double GetShare = 0.6, PutShare = 0.8, SmallGets = 10_000;

    /// <summary>Runs it.</summary>
    /// <param name="program">The built <c>tarn</c>.</param>
    /// <param name="seconds">Length of each measurement.</param>
    /// <param name="output">Where the report goes; null prints only.</param>
    public static async Task RunAsync(string program, int seconds, string? output)
    {
        var report = new Report("The S3 door beside its limits", "s3 TARN_EXECUTABLE [SECONDS]");
        string folder = Directory.CreateTempSubdirectory("tarn-bench-s3").FullName;
        try
        {
            using var tarn = ServerProcess.StartTarn(program, folder);
            var time = TimeSpan.FromSeconds(seconds);
            using (var connection = new LoadConnection(tarn.Address))
                connection.Send(LoadRequest.Signed("PUT", tarn.Address, "/bench").Head, []);
            report.Line("The client runs on the same processors as the server, one thread and one connection each; MB are 10^6 bytes. Requests are signed once and checked each time.");
            report.Line();
            report.Line("| what | clients | Tarn | limit | of | share | target | met |");
            report.Line("|---|---|---|---|---|---|---|---|");
            var random = new Random(1);
            byte[] large = Random(random, LargeBytes), small = Random(random, SmallBytes);
            PutLarge(report, tarn, folder, large, time);
            GetLarge(report, tarn, folder, large, time);
            report.Line();
            report.Line("| what | clients | a second | p50 ms | p99 ms | server's processor time, µs each | beside | target | met |");
            report.Line("|---|---|---|---|---|---|---|---|---|");
            WarmUp(tarn, small);
            PutSmall(report, tarn, folder, small, time);
            GetSmall(report, tarn, time);
            report.Line();
            await report.EnvironmentAsync(comparesDuckDb: false);
            await report.WriteAsync(output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void PutLarge(Report report, ServerProcess tarn, string folder, byte[] content, TimeSpan time)
    {
        // Code is compiled while it runs for the first time.
        LoadRun.Measure(tarn.Address, 1, time / 2, client => [LoadRequest.Signed("PUT", tarn.Address, "/bench/large-warm", content)]);
        foreach (int clients in (int[])[1, 4])
        {
            double md5 = DiskLimits.Md5(content) / 1e6, disk = DiskLimits.Write(folder, content) / 1e6;
            var run = LoadRun.Measure(tarn.Address, clients, time, client => [LoadRequest.Signed("PUT", tarn.Address, $"/bench/large-{client}", content)]);
            double limit = Math.Min(md5, disk), share = run.MegabytesPerSecond / limit;
            string of = md5 < disk ? $"one core's MD5; disk {disk:0}" : $"disk with fsync; MD5 {md5:0}";
            report.Line($"| PUT of 64 MiB, MB/s | {clients} | {run.MegabytesPerSecond:0} | {limit:0} | {of} | {share:0.00} | {PutShare:0.00} | {(share >= PutShare ? "yes" : "no")} |");
        }
    }

    private static void GetLarge(Report report, ServerProcess tarn, string folder, byte[] content, TimeSpan time)
    {
        string file = Path.Join(folder, "static");
        File.WriteAllBytes(file, content);
        using var plain = ServerProcess.StartStatic(file);
        foreach (int clients in (int[])[1, 4])
        {
            List<(double Tarn, double Static)> pairs = [];
            for (int i = 0; i < Pairs; i++)
            {
                double limit = LoadRun.Measure(plain.Address, clients, time / 2, _ => [LoadRequest.Plain(plain.Address, "/static")]).MegabytesPerSecond;
                pairs.Add((LoadRun.Measure(tarn.Address, clients, time / 2, _ => [LoadRequest.Signed("GET", tarn.Address, "/bench/large-0")]).MegabytesPerSecond, limit));
            }

            var (found, of) = pairs.OrderBy(p => p.Tarn / p.Static).ElementAt(Pairs / 2);
            report.Line($"| GET of 64 MiB, MB/s | {clients} | {found:0} | {of:0} | static file of the same web server, median of {Pairs} pairs | {found / of:0.00} | {GetShare:0.00} | {(found / of >= GetShare ? "yes" : "no")} |");
        }
    }

    // Code is compiled while it runs for the first time; and all keys are there afterwards.
    private static void WarmUp(ServerProcess tarn, byte[] content)
    {
        using var connection = new LoadConnection(tarn.Address);
        foreach (string method in (string[])["PUT", "GET"])
        {
            foreach (var request in Requests(tarn, 0, method, content).Concat(Requests(tarn, 0, method, content)))
                connection.Send(request.Head, request.Body);
        }
    }

    private static void PutSmall(Report report, ServerProcess tarn, string folder, byte[] content, TimeSpan time)
    {
        foreach (int clients in (int[])[1, 8, 32])
        {
            double syncs = DiskLimits.Sync(folder, content, time / 2);
            var (run, each) = Small(tarn, clients, time, "PUT", content);
            report.Line($"| durable PUT of 4 KiB | {clients} | {run.RequestsPerSecond:0} | {run.P50.TotalMilliseconds:0.0} | {run.P99.TotalMilliseconds:0.0} | {each:0} | {syncs:0} synced appends a second, {run.RequestsPerSecond / syncs:0.00} of it | | |");
        }
    }

    private static void GetSmall(Report report, ServerProcess tarn, TimeSpan time)
    {
        foreach (int clients in (int[])[1, 32])
        {
            var (run, each) = Small(tarn, clients, time, "GET", null);
            string target = clients > 1 ? $"| {SmallGets:0} | {(run.RequestsPerSecond >= SmallGets ? "yes" : "no")} |" : "| | |";
            report.Line($"| GET of 4 KiB | {clients} | {run.RequestsPerSecond:0} | {run.P50.TotalMilliseconds:0.0} | {run.P99.TotalMilliseconds:0.0} | {each:0} | {target}");
        }
    }

    private static (LoadRun Run, double MicrosecondsEach) Small(ServerProcess tarn, int clients, TimeSpan time, string method, byte[]? content)
    {
        var before = tarn.ProcessorTime;
        var run = LoadRun.Measure(tarn.Address, clients, time, client => Requests(tarn, method == "PUT" ? client : 0, method, content));
        return (run, (tarn.ProcessorTime - before).TotalMicroseconds / (run.RequestsPerSecond * time.TotalSeconds));
    }

    private static List<LoadRequest> Requests(ServerProcess tarn, int folder, string method, byte[]? content)
        => [.. Enumerable.Range(0, SmallKeys).Select(key => LoadRequest.Signed(method, tarn.Address, $"/bench/small/{folder}/{key}", method == "PUT" ? content : null))];

    private static byte[] Random(Random random, int length)
    {
        byte[] content = new byte[length];
        random.NextBytes(content);
        return content;
    }
}
