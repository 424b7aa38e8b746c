using System.Globalization;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sql;
using Tarn.Synthetic;

namespace Tarn.Benchmarks.Sql;

/// <summary>The generated sales that the benchmarks read.</summary>
internal static class SalesTable
{
    /// <summary>Parts of which <see cref="FillInPartsAsync"/> makes a table.</summary>
    public const int Parts = 10;

    /// <summary>How often code runs before it is measured. The runtime compiles what has run 30 times once more, for good, and does so beside the next runs.</summary>
    public const int WarmUps = 40;

    /// <summary>A count of all rows.</summary>
    public static (string Name, string Sql) Count => ("count", "SELECT count(*) FROM {0}");

    /// <summary>Aggregations of the kinds that reports are made of; <c>{0}</c> stands for the table.</summary>
    public static IReadOnlyList<(string Name, string Sql)> Aggregations =>
    [
        ("sum of everything", "SELECT count(*), sum(quantity), sum(amount), avg(unit_price), max(discount) FROM {0}"),
        ("group by two columns", "SELECT region, category, count(*), sum(amount), avg(quantity) FROM {0} GROUP BY ALL ORDER BY ALL"),
        ("filter, group, top 10", "SELECT sku, sum(amount) AS revenue FROM {0} WHERE status = 'completed' AND order_date >= DATE '2025-03-01' GROUP BY sku ORDER BY revenue DESC LIMIT 10"),
        ("distinct customers by day", "SELECT order_date, count(DISTINCT customer_id) FROM {0} GROUP BY order_date ORDER BY order_date"),
    ];

    /// <summary>An aggregation that names the key of the rows.</summary>
    public static (string Name, string Sql) WithKey => ("group, with the key", "SELECT region, category, count(*), sum(amount), avg(quantity), max(order_id) FROM {0} GROUP BY ALL ORDER BY ALL");

    /// <summary>A query for a table.</summary>
    public static string Of(string sql, string table) => sql.Replace("{0}", table, StringComparison.Ordinal);

    /// <summary>Generates the sales and brings them into a table of one file.</summary>
    public static async Task FillAsync(BenchLake lake, long rows, string table)
    {
        string csv = await CsvAsync(lake.Folder, rows).ConfigureAwait(false);
        await IngestAsync(lake, csv, table).ConfigureAwait(false);
        File.Delete(csv);
    }

    /// <summary>Makes a table of the same rows in <see cref="Parts"/> files.</summary>
    public static async Task FillInPartsAsync(BenchLake lake, string from, string table, int formatVersion)
    {
        await lake.RunAsync($"CREATE TABLE bench.{table} WITH (format_version = {formatVersion}) AS SELECT * FROM bench.{from} WHERE order_id % {Parts} = 0").ConfigureAwait(false);
        for (int part = 1; part < Parts; part++)
            await lake.RunAsync($"INSERT INTO bench.{table} SELECT * FROM bench.{from} WHERE order_id % {Parts} = {part}").ConfigureAwait(false);
    }

    /// <summary>Has the runtime compile what a query runs through.</summary>
    public static async Task WarmUpAsync(BenchLake lake, string query)
    {
        for (int i = 0; i < WarmUps; i++)
            await lake.RunAsync(query).ConfigureAwait(false);
    }

    /// <summary>Writes the sales as CSV.</summary>
    public static async Task<string> CsvAsync(string folder, long rows)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"sales{rows}.csv"));
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
            await Dataset.Sales(rows).WriteCsvAsync(file).ConfigureAwait(false);
        return path;
    }

    /// <summary>Brings CSV into a table of Tarn.</summary>
    public static async Task IngestAsync(BenchLake lake, string csv, string table) =>
        await lake.Engine.IngestAsync(new IngestRequest([csv], QualifiedName.Of("bench", table)) { Mode = IngestMode.Overwrite }).ConfigureAwait(false);
}
