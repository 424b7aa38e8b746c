using Tarn.Benchmarks.Sql;

namespace Tarn.Benchmarks.S3;

/// <summary>The S3 door beside its limits, in one run, with the client on the same processors.</summary>
internal static class S3LoadBenchmark
{
    private const int LargeBytes = 64 * 1024 * 1024, SmallBytes = 4096, SmallKeys = 64, WarmUpClients = 8, Pairs = 3;

    // A second, of all clients together: so many keys are signed before, and further ones would be the same again.
    private const int MostPuts = 10_000;
    private const double GetShare = 0.6, PutShare = 0.8, SmallGets = 10_000, SmallPutShare = 1.0;

    /// <summary>Runs it.</summary>
    /// <param name="program">The built <c>tarn</c>.</param>
    /// <param name="seconds">Length of each measurement.</param>
    /// <param name="output">Where the report goes; null prints only.</param>
    public static Task RunAsync(string program, int seconds, string? output)
        => MeasureAsync(new Report("The S3 door beside its limits", "s3 TARN_EXECUTABLE [SECONDS]"), program, output, (report, tarn, folder) =>
        {
            var time = TimeSpan.FromSeconds(seconds);
            report.Line("| what | clients | Tarn | limit | of | share | target | met |");
            report.Line("|---|---|---|---|---|---|---|---|");
            byte[] large = Random(LargeBytes);
            PutLarge(report, tarn, folder, large, time);
            GetLarge(report, tarn, folder, large, time);
            report.Line();
            PutAllSmall(report, tarn, folder, time);
            GetSmall(report, tarn, time);
        });

    /// <summary>Runs the part in which the disk is waited for: durable uploads of small objects.</summary>
    /// <param name="program">The built <c>tarn</c>.</param>
    /// <param name="seconds">Length of each measurement.</param>
    /// <param name="output">Where the report goes; null prints only.</param>
    public static Task RunDurableAsync(string program, int seconds, string? output)
        => MeasureAsync(new Report("Durable uploads beside the disk", "s3-durable TARN_EXECUTABLE [SECONDS]"), program, output, (report, tarn, folder) => PutAllSmall(report, tarn, folder, TimeSpan.FromSeconds(seconds)));

    private static async Task MeasureAsync(Report report, string program, string? output, Action<Report, ServerProcess, string> measure)
    {
        string folder = Directory.CreateTempSubdirectory("tarn-bench-s3").FullName;
        try
        {
            using var tarn = ServerProcess.StartTarn(program, folder);
            using (var connection = new LoadConnection(tarn.Address))
                connection.Send(LoadRequest.Signed("PUT", tarn.Address, "/bench").Head, []);
            report.Line("The client runs on the same processors as the server, one thread and one connection each; MB are 10^6 bytes. Requests are signed once and checked each time.");
            report.Line();
            measure(report, tarn, folder);
            report.Line();
            report.Line($"Each row is the median of {Pairs} pairs. A file made durable by the disk is what a PUT would be without group commit: as many threads as clients each write a temporary file, sync it, rename it into its place and sync the folder. A synced append is one thread that appends as many bytes to one file. Each PUT has a new key, or replaces one of {SmallKeys} of its client; ext4 without a journal takes the longer for a new file the more it has deleted lately.");
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
            List<(double Tarn, double Md5, double Disk)> pairs = [];
            for (int i = 0; i < Pairs; i++)
            {
                double md5 = DiskLimits.Md5(content) / 1e6, disk = DiskLimits.Write(folder, content) / 1e6;
                pairs.Add((LoadRun.Measure(tarn.Address, clients, time / 2, client => [LoadRequest.Signed("PUT", tarn.Address, $"/bench/large-{client}", content)]).MegabytesPerSecond, md5, disk));
            }

            var (found, hash, write) = pairs.OrderBy(p => p.Tarn / Math.Min(p.Md5, p.Disk)).ElementAt(Pairs / 2);
            double limit = Math.Min(hash, write), share = found / limit;
            string of = hash < write ? $"one core's MD5; disk {write:0}" : $"disk with fsync; MD5 {hash:0}";
            report.Line($"| PUT of 64 MiB, MB/s | {clients} | {found:0} | {limit:0} | {of} | {share:0.00} | {PutShare:0.00} | {(share >= PutShare ? "yes" : "no")} |");
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
            report.Line($"| GET of 64 MiB, MB/s | {clients} | {found:0} | {of:0} | static file of the same web server | {found / of:0.00} | {GetShare:0.00} | {(found / of >= GetShare ? "yes" : "no")} |");
        }
    }

    private static void PutAllSmall(Report report, ServerProcess tarn, string folder, TimeSpan time)
    {
        report.Line("| what | clients | a second | p50 ms | p99 ms | server's processor time, µs each | beside | target | met |");
        report.Line("|---|---|---|---|---|---|---|---|---|");
        byte[] content = Random(SmallBytes);
        WarmUp(tarn, content, time);
        PutSmall(report, tarn, folder, content, time, [1, 8, 32], replaces: false);
        PutSmall(report, tarn, folder, content, time, [8], replaces: true);
    }

    // Code is compiled when it runs for the first time, and better when it has run often; and all keys are there afterwards.
    private static void WarmUp(ServerProcess tarn, byte[] content, TimeSpan time)
    {
        Small(tarn, WarmUpClients, time, client => Requests(tarn, "PUT", $"small/{client}", SmallKeys, content));
        Small(tarn, WarmUpClients, time, _ => Requests(tarn, "GET", "small/0", SmallKeys, null));
    }

    private static void PutSmall(Report report, ServerProcess tarn, string folder, byte[] content, TimeSpan time, int[] counts, bool replaces)
    {
        foreach (int clients in counts)
        {
            double syncs = DiskLimits.Sync(folder, content, time / 2);
            List<(LoadRun Run, double MicrosecondsEach, double Files)> pairs = [];
            for (int i = 0; i < Pairs; i++)
            {
                string name = $"{(replaces ? "replaced" : "new")}-{clients}-{i}";
                double files = DiskLimits.SmallFiles(Path.Join(folder, name), content, clients, replaces ? SmallKeys : null, time / 2);
                int keys = replaces ? SmallKeys : (int)(MostPuts * time.TotalSeconds / 2 / clients);
                var (measured, microseconds) = Small(tarn, clients, time / 2, client => Requests(tarn, "PUT", replaces ? $"small/{client}" : $"{name}/{client}", keys, content));
                pairs.Add((measured, microseconds, files));
            }

            var (run, each, limit) = pairs.OrderBy(p => p.Run.RequestsPerSecond / p.Files).ElementAt(Pairs / 2);
            double found = run.RequestsPerSecond, share = found / limit;
            string beside = $"{limit:0} files made durable by the disk, {share:0.00} of it; {syncs:0} synced appends, {found / syncs:0.00} of it";
            report.Line($"| durable PUT of 4 KiB, {(replaces ? "replacing" : "new keys")} | {clients} | {found:0} | {run.P50.TotalMilliseconds:0.0} | {run.P99.TotalMilliseconds:0.0} | {each:0} | {beside} | {SmallPutShare:0.00} | {(share >= SmallPutShare ? "yes" : "no")} |");
        }
    }

    private static void GetSmall(Report report, ServerProcess tarn, TimeSpan time)
    {
        foreach (int clients in (int[])[1, 32])
        {
            var (run, each) = Small(tarn, clients, time, _ => Requests(tarn, "GET", "small/0", SmallKeys, null));
            string target = clients > 1 ? $"| {SmallGets:0} | {(run.RequestsPerSecond >= SmallGets ? "yes" : "no")} |" : "| | |";
            report.Line($"| GET of 4 KiB | {clients} | {run.RequestsPerSecond:0} | {run.P50.TotalMilliseconds:0.0} | {run.P99.TotalMilliseconds:0.0} | {each:0} | {target}");
        }
    }

    private static (LoadRun Run, double MicrosecondsEach) Small(ServerProcess tarn, int clients, TimeSpan time, Func<int, IReadOnlyList<LoadRequest>> requests)
    {
        var before = tarn.ProcessorTime;
        var run = LoadRun.Measure(tarn.Address, clients, time, requests);
        return (run, (tarn.ProcessorTime - before).TotalMicroseconds / (run.RequestsPerSecond * time.TotalSeconds));
    }

    private static List<LoadRequest> Requests(ServerProcess tarn, string method, string folder, int count, byte[]? content)
        => [.. Enumerable.Range(0, count).Select(key => LoadRequest.Signed(method, tarn.Address, $"/bench/{folder}/{key}", content))];

    private static byte[] Random(int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }
}
