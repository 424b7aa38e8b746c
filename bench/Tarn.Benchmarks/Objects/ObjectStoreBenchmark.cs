using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Tarn.Benchmarks.Sql;
using Tarn.Core.Files;
using Tarn.Storage.Buckets;

namespace Tarn.Benchmarks.Objects;

/// <summary>The bucket store beside its limit: listings of many keys, and durable puts of small objects beside plain synced appends.</summary>
internal static class ObjectStoreBenchmark
{
    private const int ObjectBytes = 4096, Rounds = 7, WarmUpObjects = 200;
    private const string Bucket = "bench";

    /// <param name="keys">Keys to list.</param>
    /// <param name="seconds">Length of each round of puts.</param>
    /// <param name="folder">Where to work, so that the disk can be chosen; null for the temporary folder.</param>
    /// <param name="output">Where the report goes.</param>
    public static async Task RunAsync(int keys, double seconds, string? folder, string? output)
    {
        string root = Directory.CreateDirectory(Path.Join(folder ?? Path.GetTempPath(), "tarn-bench-" + Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            var report = new Report("The object store", string.Create(CultureInfo.InvariantCulture, $"object-store {keys} {seconds}"));
            await ListingBenchmark.RunAsync(report, Path.Join(root, "listing"), keys).ConfigureAwait(false);
            await PutAsync(report, root, TimeSpan.FromSeconds(seconds)).ConfigureAwait(false);
            await report.EnvironmentAsync(comparesDuckDb: false).ConfigureAwait(false);
            await report.WriteAsync(output).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task PutAsync(Report report, string root, TimeSpan length)
    {
        string folder = Directory.CreateDirectory(Path.Join(root, "puts")).FullName;
        await using var store = await BucketStore.OpenAsync(folder).ConfigureAwait(false);
        await store.CreateBucketAsync(new BucketRecord(Bucket, default)).ConfigureAwait(false);
        int[] writers = [1, 8, 32];
        var raw = new List<double>();
        var puts = writers.ToDictionary(w => w, _ => new List<(double Rate, double P99)>());
        for (int i = 0; i < WarmUpObjects; i++)
            await PutAsync(store, $"warm/{i}", new byte[ObjectBytes]).ConfigureAwait(false);
        for (int round = 0; round < Rounds; round++)
        {
            raw.Add(Append(Path.Join(root, "raw"), length));
            foreach (int count in writers)
                puts[count].Add(await PutAsync(store, count, round, length).ConfigureAwait(false));
        }

        report.Line($"Durable puts of {ObjectBytes} bytes, each acknowledged when it survives a power cut, beside appends of as many bytes with fdatasync to one file on the same disk; medians of {Rounds} rounds in turns:");
        report.Line();
        report.Line("| what | per second | of raw | p99 ms |");
        report.Line("|---|---|---|---|");
        double limit = Median(raw);
        report.Line($"| raw append + fdatasync | {limit:N0} | 1.00 | |");
        foreach (int count in writers)
            report.Line($"| puts, {count} writers | {Median(puts[count].Select(p => p.Rate)):N0} | {Median(puts[count].Select(p => p.Rate)) / limit:N2} | {Median(puts[count].Select(p => p.P99)):N2} |");
        report.Line();
    }

    private static async Task<(double Rate, double P99)> PutAsync(BucketStore store, int writers, int round, TimeSpan length)
    {
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(async () =>
        {
            var taken = new List<double>();
            byte[] content = RandomNumberGenerator.GetBytes(ObjectBytes);
            for (int i = 0; watch.Elapsed < length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await PutAsync(store, string.Create(CultureInfo.InvariantCulture, $"{round}/{writers}/{w}/{i}"), content).ConfigureAwait(false);
                taken.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return taken;
        }))).ConfigureAwait(false);
        double seconds = watch.Elapsed.TotalSeconds;
        double[] all = [.. times.SelectMany(t => t).Order()];
        return (all.Length / seconds, all[(int)(all.Length * 0.99)]);
    }

    private static async Task PutAsync(BucketStore store, string key, byte[] content)
    {
        using var write = await store.BeginWriteAsync(Bucket).ConfigureAwait(false);
        await write.WriteAsync(content).ConfigureAwait(false);
        await store.CommitAsync(write, new ObjectCommit(key) { ETag = "d41d8cd98f00b204e9800998ecf8427e" }).ConfigureAwait(false);
    }

    private static double Append(string path, TimeSpan length)
    {
        using var file = PhysicalFileSystem.Instance.OpenWrite(path);
        byte[] content = RandomNumberGenerator.GetBytes(ObjectBytes);
        long offset = file.LengthBytes;
        int count = 0;
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed < length; count++, offset += content.Length)
        {
            file.Write(content, offset);
            file.Sync();
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
