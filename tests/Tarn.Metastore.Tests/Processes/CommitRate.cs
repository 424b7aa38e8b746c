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
        double[][] rates = new double[4][];
        for (int kind = 0; kind < rates.Length; kind++)
            rates[kind] = new double[Rounds];
        // Interleaved, so that a busy moment of the disk hits all alike.
        for (int round = 0; round < Rounds; round++)
        {
            rates[0][round] = Rate(count, () => AppendRaw(folder, count));
            rates[1][round] = await RateAsync(count, () => CommitAsync(folder, 1, count));
            rates[2][round] = await RateAsync(count, () => CommitAsync(folder, Threads, count));
            rates[3][round] = await RateAsync(count, () => CommitTablesAsync(folder, count));
        }

        Console.WriteLine("| what | per second | of raw |");
        Console.WriteLine("|---|---|---|");
        Print("raw append + fdatasync", rates[0], rates[0]);
        Print("commits, 1 thread", rates[1], rates[0]);
        Print($"commits, {Threads} threads", rates[2], rates[0]);
        Print("table commits (metadata file + log), 1 thread", rates[3], rates[0]);
        return 0;
    }

    private static void AppendRaw(string folder, int count)
    {
        string path = Path.Join(folder, $"raw-{Guid.NewGuid():N}");
        using (var file = PhysicalFileSystem.Instance.CreateNew(path))
        {
            var record = new byte[250];
            for (int i = 0; i < count; i++)
            {
                file.Write(record, (long)i * record.Length);
                file.Sync();
            }
        }

        File.Delete(path);
    }

    private static async Task CommitAsync(string folder, int threads, int count)
    {
        string own = Path.Join(folder, $"log-{Guid.NewGuid():N}");
        using (var log = new EmbeddedCommitLog(own))
        {
            var space = Namespace.Of("sales");
            await log.AppendAsync(new CommitRequest("bench", [], [new CatalogChange.PutNamespace(space, ImmutableSortedDictionary<string, string>.Empty)]));
            await Task.WhenAll(Enumerable.Range(0, threads).Select(t => Task.Run(async () =>
            {
                var table = new TableIdentifier(space, $"orders{t}");
                string? present = null;
                for (int i = 0; i < count / threads; i++)
                {
                    string next = $"s3://lake/sales/orders-1a2b3c4d/metadata/{i:D5}-{Guid.NewGuid()}.metadata.json";
                    await log.AppendAsync(new CommitRequest("bench", [new CommitCondition.TableIs(table, present)], [new CatalogChange.PutTable(table, Guid.Empty, next)]));
                    present = next;
                }
            })));
        }

        Directory.Delete(own, recursive: true);
    }

    private static async Task CommitTablesAsync(string folder, int count)
    {
        string own = Path.Join(folder, $"lake-{Guid.NewGuid():N}");
        var previous = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            await Committer.RunAsync(own, "bench", count, writesData: false);
        }
        finally
        {
            Console.SetOut(previous);
        }

        Directory.Delete(own, recursive: true);
    }

    private static double Rate(int count, Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
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
