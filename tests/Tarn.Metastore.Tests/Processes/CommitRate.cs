using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Tarn.Core.Files;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Embedded;

namespace Tarn.Metastore.Tests.Processes;

/// <summary>Durable commits per second beside what the disk can do: appends with a sync each, to a plain file on the same disk.</summary>
internal static class CommitRate
{
    private const int Rounds = 15, Threads = 16;

    public static async Task<int> RunAsync(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        string own = Path.Join(folder, $"rate-{Guid.NewGuid():N}");
        Directory.CreateDirectory(own);
        (string What, Func<string, Task> Run)[] kinds =
        [
            ("raw append + fdatasync", path => AppendRawAsync(path, count)),
            ("commits, 1 thread", path => CommitAsync(path, 1, count)),
            ($"commits, {Threads} threads", path => CommitAsync(path, Threads, count)),
            ("table commits (metadata file, its folder, log), 1 thread", path => CommitTablesAsync(path, count)),
        ];
        double[][] rates = [.. kinds.Select(_ => new double[Rounds])];
        // Interleaved, each kind first as often as any other: a busy moment of the disk hits all alike. Nothing is deleted in between,
        // because the next sync of anybody would pay for it.
        for (int step = 0; step < Rounds * kinds.Length; step++)
        {
            int round = step / kinds.Length, kind = (step + round) % kinds.Length;
            rates[kind][round] = await RateAsync(count, () => kinds[kind].Run(Path.Join(own, $"{step}")));
        }

        Directory.Delete(own, recursive: true);
        Console.WriteLine("| what | per second | of raw |");
        Console.WriteLine("|---|---|---|");
        for (int kind = 0; kind < kinds.Length; kind++)
            Print(kinds[kind].What, rates[kind], rates[0]);
        return 0;
    }

    private static Task AppendRawAsync(string path, int count)
    {
        using var file = PhysicalFileSystem.Instance.CreateNew(path);
        var record = new byte[250];
        Random.Shared.NextBytes(record);
        for (int i = 0; i < count; i++)
        {
            file.Write(record, (long)i * record.Length);
            file.Sync();
        }

        return Task.CompletedTask;
    }

    private static async Task CommitAsync(string path, int threads, int count)
    {
        using var log = new EmbeddedCommitLog(path);
        var space = Namespace.Of("sales");
        await log.AppendAsync(new CommitRequest("bench", [], [new CatalogChange.PutNamespace(space, ImmutableSortedDictionary<string, string>.Empty)]));
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(async () =>
        {
            var table = new TableIdentifier(space, $"orders{thread}");
            string? present = null;
            for (int i = 0; i < count / threads; i++)
            {
                string next = $"s3://lake/sales/orders-1a2b3c4d/metadata/{i:D5}-{Guid.NewGuid()}.metadata.json";
                await log.AppendAsync(new CommitRequest("bench", [new CommitCondition.TableIs(table, present)], [new CatalogChange.PutTable(table, Guid.Empty, next)]));
                present = next;
            }
        })));
    }

    private static async Task CommitTablesAsync(string path, int count)
    {
        var console = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            await Committer.RunAsync(path, "bench", count, writesData: false);
        }
        finally
        {
            Console.SetOut(console);
        }
    }

    private static async Task<double> RateAsync(int count, Func<Task> action)
    {
        long start = Stopwatch.GetTimestamp();
        await action();
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Print(string what, double[] rates, double[] raw) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {Median(rates):F0} | {Median([.. rates.Zip(raw, (rate, limit) => rate / limit)]):F2} |"));

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
