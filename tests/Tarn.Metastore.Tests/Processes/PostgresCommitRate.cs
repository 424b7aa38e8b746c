using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Postgres;
using Tarn.Testing.Postgres;

namespace Tarn.Metastore.Tests.Processes;

/// <summary>Durable commits per second on PostgreSQL beside what it does with a bare INSERT and COMMIT, on a server of its own that syncs.</summary>
internal static class PostgresCommitRate
{
    private const int Rounds = 9, Threads = 16;

    public static async Task<int> RunAsync(int count)
    {
        if (PostgresServer.TryStart(isDurable: true) is not { } server)
            return 1;
        using (server)
        {
            (string What, Func<Task> Run, int Count)[] kinds =
            [
                ("bare INSERT + COMMIT, 1 connection", () => InsertAsync(server, 1, count), count),
                ($"bare INSERT + COMMIT, {Threads} connections", () => InsertAsync(server, Threads, count * 4), count * 4),
                ("commits, 1 thread", () => CommitAsync(server, 1, 1, count), count),
                ($"commits, {Threads} threads", () => CommitAsync(server, 1, Threads, count * 4), count * 4),
                ($"commits, 2 servers of {Threads} threads", () => CommitAsync(server, 2, Threads, count * 4), count * 4),
                ("reads of the newest state, 1 thread", () => ReadAsync(server, 1, count * 4), count * 4),
                ($"reads of the newest state, {Threads} threads", () => ReadAsync(server, Threads, count * 16), count * 16),
            ];
            double[][] rates = [.. kinds.Select(_ => new double[Rounds])];
            // Interleaved, each kind first as often as any other: a busy moment of the machine hits all alike.
            for (int step = 0; step < Rounds * kinds.Length; step++)
            {
                int round = step / kinds.Length, kind = (step + round) % kinds.Length;
                rates[kind][round] = await RateAsync(kinds[kind].Count, kinds[kind].Run);
            }

            Console.WriteLine("| what | per second | of bare, 1 connection |");
            Console.WriteLine("|---|---|---|");
            for (int kind = 0; kind < kinds.Length; kind++)
                Print(kinds[kind].What, rates[kind], rates[0]);
        }

        return 0;
    }

    private static async Task InsertAsync(PostgresServer server, int connections, int count)
    {
        string table = PostgresServer.NewSchemaName(), record = new('x', 250);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(PostgresOptions.Parse(server.Address()).ConnectionString) { MaxPoolSize = Threads });
        await using (var create = source.CreateCommand($"CREATE TABLE {table} (number bigserial PRIMARY KEY, record text)"))
            await create.ExecuteNonQueryAsync();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            await using var connection = await source.OpenConnectionAsync();
            for (int i = 0; i < count / connections; i++)
            {
                await using var batch = new NpgsqlBatch(connection)
                {
                    BatchCommands = { new("BEGIN"), new($"INSERT INTO {table} (record) VALUES ($1)") { Parameters = { new() { Value = record } } }, new("COMMIT") },
                };
                await batch.ExecuteNonQueryAsync();
            }
        })));
    }

    private static async Task CommitAsync(PostgresServer server, int processes, int threads, int count)
    {
        var options = server.NewSchema();
        PostgresCommitLog[] logs = [.. Enumerable.Range(0, processes).Select(_ => new PostgresCommitLog(options))];
        await logs[0].AppendAsync(PostgresCommitter.Begin());
        await Task.WhenAll(Enumerable.Range(0, processes * threads).Select(thread => Task.Run(async () =>
        {
            var table = new TableIdentifier(PostgresCommitter.Space, $"orders{thread}");
            string? present = null;
            for (int i = 0; i < count / (processes * threads); i++)
            {
                string next = $"s3://lake/sales/orders-1a2b3c4d/metadata/{i:D5}-{Guid.NewGuid()}.metadata.json";
                await logs[thread % processes].AppendAsync(new CommitRequest("bench", [new CommitCondition.TableIs(table, present)], [new CatalogChange.PutTable(table, Guid.Empty, next)]));
                present = next;
            }
        })));
        foreach (var log in logs)
            log.Dispose();
    }

    private static async Task ReadAsync(PostgresServer server, int threads, int count)
    {
        using var log = new PostgresCommitLog(server.NewSchema());
        await log.AppendAsync(PostgresCommitter.Begin());
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < count / threads; i++)
                await log.ReadAsync();
        })));
    }

    private static async Task<double> RateAsync(int count, Func<Task> action)
    {
        long start = Stopwatch.GetTimestamp();
        await action();
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Print(string what, double[] rates, double[] bare) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {Median(rates):F0} | {Median([.. rates.Zip(bare, (rate, limit) => rate / limit)]):F2} |"));

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
