using System.Diagnostics;
using System.Globalization;
using Tarn.Benchmarks.Sql;
using Tarn.Core.Files;
using Tarn.Storage.Buckets;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Benchmarks.Objects;

/// <summary>Lists many keys of one prefix in a process of its own, which may not use more than 64 MB of managed memory.</summary>
internal static class ListingBenchmark
{
    /// <summary>Runs the listing alone.</summary>
    public const string Command = "object-store-listing";

    private const int RecordsPerBatch = 1000, MemoryLimitBytes = 64 << 20, AbsentKeys = 10_000;
    private const string Bucket = "bench", Prefix = "one/prefix/";

    /// <summary>Makes an index of records, lists it in another process, and reports.</summary>
    public static async Task RunAsync(Report report, string folder, int keys)
    {
        Directory.CreateDirectory(folder);
        await using (var store = await BucketStore.OpenAsync(folder).ConfigureAwait(false))
            await store.CreateBucketAsync(new BucketRecord(Bucket, default)).ConfigureAwait(false);
        await FillAsync(folder, keys).ConfigureAwait(false);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, Environment = { ["DOTNET_GCHeapHardLimit"] = MemoryLimitBytes.ToString("x", CultureInfo.InvariantCulture) } };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        start.ArgumentList.Add(Command);
        start.ArgumentList.Add(folder);
        using var child = Process.Start(start)!;
        string table = await child.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await child.WaitForExitAsync().ConfigureAwait(false);
        if (child.ExitCode != 0)
            throw new InvalidOperationException($"The listing ended with {child.ExitCode} within {MemoryLimitBytes} bytes of managed memory.");
        report.Line($"Listing {keys} keys of one prefix in pages of {BucketLimits.PageEntries}, in a process whose managed memory is limited to {MemoryLimitBytes >> 20} MB (records as of uploads with a content type; files are not looked at). Target: 50,000 keys/s.");
        report.Line();
        report.Line("| what | value |");
        report.Line("|---|---|");
        report.Line(table);
    }

    /// <summary>Lists and prints rows of the table.</summary>
    public static async Task ListAsync(string folder)
    {
        await using var store = await BucketStore.OpenAsync(folder).ConfigureAwait(false);
        var watch = Stopwatch.StartNew();
        long listed = 0;
        string? after = null;
        do
        {
            var page = await store.ListAsync(Bucket, new ObjectQuery { Prefix = Prefix, AfterKey = after }).ConfigureAwait(false);
            listed += page.Objects.Length;
            after = page.NextKey;
        }
        while (after is not null);
        Row($"keys per second, {listed} in all", $"{listed / watch.Elapsed.TotalSeconds:N0}");
        watch.Restart();
        var rolled = await store.ListAsync(Bucket, new ObjectQuery { Delimiter = "/" }).ConfigureAwait(false);
        Row($"rolling all of them up to {rolled.CommonPrefixes.Length} common prefix", $"{watch.Elapsed.TotalMilliseconds:N2} ms");
        watch.Restart();
        for (int i = 0; i < AbsentKeys; i++)
            await store.HeadAsync(Bucket, string.Create(CultureInfo.InvariantCulture, $"absent/{i}")).ConfigureAwait(false);
        Row("looking for an absent key", $"{watch.Elapsed.TotalMicroseconds / AbsentKeys:N1} µs");
        Row("working set of the process", $"{Environment.WorkingSet >> 20} MB");
    }

    private static void Row(FormattableString what, FormattableString value) =>
        Console.WriteLine($"| {what.ToString(CultureInfo.InvariantCulture)} | {value.ToString(CultureInfo.InvariantCulture)} |");

    private static void Row(string what, FormattableString value) => Console.WriteLine($"| {what} | {value.ToString(CultureInfo.InvariantCulture)} |");

    // Writes records as a put does, without the files, a thousand to a batch.
    private static async Task FillAsync(string folder, int keys)
    {
        var folders = new BucketFolders(PhysicalFileSystem.Instance, folder);
        var index = OrderedIndex.Open(PhysicalFileSystem.Instance, folders.Index, new IndexLimits(), _ => { });
        index.FinishRecovery(_ => { });
        for (int start = 0; start < keys; start += RecordsPerBatch)
        {
            var change = new ObjectChange(folders, Bucket);
            for (int i = start; i < Math.Min(keys, start + RecordsPerBatch); i++)
            {
                // Keys come in no order, as clients send them.
                uint scattered = (uint)i * 2654435761;
                var record = new ObjectRecord(string.Create(CultureInfo.InvariantCulture, $"one/prefix/part-{scattered:x8}.parquet"), ObjectRecord.NullVersionId, 123_456, DateTimeOffset.UnixEpoch, "d41d8cd98f00b204e9800998ecf8427e")
                {
                    Owner = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a",
                    Headers = ObjectRecord.NoHeaders.Add("Content-Type", "application/octet-stream"),
                };
                change.AddVersion(new StoredObject(record, (ulong)i + 1) { Place = ObjectPlace.Own, FileId = (ulong)i + 1, Crc32C = 1, FileModified = DateTimeOffset.UnixEpoch });
            }

            await index.CommitAsync(change.ToBatch()).ConfigureAwait(false);
        }

        await index.CheckpointAsync().ConfigureAwait(false);
        await index.DisposeAsync().ConfigureAwait(false);
    }
}
