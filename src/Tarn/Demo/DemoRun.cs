using System.Globalization;
using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Catalogs;
using Tarn.Synthetic;
using Tarn.Terminal;

namespace Tarn.Demo;

/// <summary>The demo from raw files to the report. What it makes it makes anew each time, so that it can be run again.</summary>
internal sealed class DemoRun(ILake lake, CommandContext context, long rows, ulong seed)
{
    /// <summary>Folder of the raw files in the data folder: a bucket like <c>lake</c>.</summary>
    private const string LandingBucket = "landing";

    private const double DirtyShare = 0.02;

    // The late day has as many lines as a day of the year has on average.
    private const int DaysOfYear = 365;

    private readonly Streams _streams = context.Streams;
    private readonly DemoSteps _steps = new(context.Streams);
    private readonly string _folder = Path.Join(lake.DataFolder, LandingBucket, "sales");

    /// <summary>Runs everything and prints the report.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        await RequireOwnTablesAsync(cancellationToken);
        _steps.Say($"A lake in {lake.DataFolder}");
        await BuildYearAsync(cancellationToken);
        await AppendLateDayAsync(cancellationToken);
        _streams.Error.WriteLine();
        await new DemoReport(lake.Session, _streams, context.Format).PrintAsync(cancellationToken);
        SayWhatNext(TimeProvider.System.GetElapsedTime(start));
    }

    private async Task BuildYearAsync(CancellationToken cancellationToken)
    {
        string file = Path.Join(_folder, "2025.csv");
        _steps.Say("A year of sales");
        await GenerateAsync("raw file", Dataset.Sales(rows, seed, DirtyShare), file, cancellationToken);
        foreach (string schema in (string[])["bronze", "silver", "gold"])
            await ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS iceberg.{schema}", null, cancellationToken);
        await ExecuteAsync("DROP TABLE IF EXISTS iceberg.bronze.orders PURGE", null, cancellationToken);
        await IngestAsync("bronze", "orders", file, IngestMode.Append, cancellationToken);
        await ModelAsync("silver.orders_checked", "silver_orders_checked", cancellationToken);
        await ModelAsync("silver.orders", "silver_orders", cancellationToken);
        await ModelAsync("silver.orders_rejected", "silver_orders_rejected", cancellationToken);
        await _steps.RunAsync("balance", _ => BalanceAsync(cancellationToken));
        await GoldAsync(cancellationToken);
    }

    private async Task AppendLateDayAsync(CancellationToken cancellationToken)
    {
        string file = Path.Join(_folder, "2026-01-01.csv");
        _steps.Say("A late day with a new column");
        await GenerateAsync("raw file", Dataset.SalesLateDay(Math.Max(1, rows / DaysOfYear), seed, DirtyShare), file, cancellationToken);
        await IngestAsync("bronze", "orders", file, IngestMode.Append, cancellationToken);
        await ExecuteAsync("ALTER TABLE iceberg.silver.orders CREATE OR REPLACE TAG \"year-end\"", null, cancellationToken);
        await ModelAsync("new column", "late_column", cancellationToken);
        await ModelAsync("silver.orders_checked", "silver_orders_checked", cancellationToken);
        await ModelAsync("silver.orders_rejected", "late_orders_rejected", cancellationToken);
        await ModelAsync("silver.orders", "late_orders", cancellationToken);
        await _steps.RunAsync("balance", _ => BalanceAsync(cancellationToken));
        await GoldAsync(cancellationToken);
    }

    private async Task GoldAsync(CancellationToken cancellationToken)
    {
        await ModelAsync("gold.sales_by_month", "gold_sales_by_month", cancellationToken);
        await ModelAsync("gold.top_customers", "gold_top_customers", cancellationToken);
        await ModelAsync("gold.returns", "gold_returns", cancellationToken);
    }

    private Task GenerateAsync(string name, Dataset dataset, string file, CancellationToken cancellationToken) => _steps.RunAsync(name, async progress =>
    {
        var told = new RowProgress(progress, $"generating {Path.GetFileName(file)}", dataset.RowCount);
        var summary = await WriteAsync(dataset, file, told, cancellationToken);
        return $"{Quantity.Count(summary.RowCount)} order lines, {Quantity.Count(summary.Defects.Total)} of them dirty, {Quantity.Bytes(summary.SizeBytes)} in {Shown(file)}";
    });

    private async Task<DatasetSummary> WriteAsync(Dataset dataset, string file, IProgress<long> progress, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            return await UnfinishedFile.WriteAsync(file, async unfinished =>
            {
                await using var target = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
                return await dataset.WriteCsvAsync(target, new DatasetWriteOptions { Progress = progress }, cancellationToken);
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, "Cannot write the raw file", file);
        }
    }

    private Task IngestAsync(string schema, string table, string file, IngestMode mode, CancellationToken cancellationToken) => _steps.RunAsync($"{schema}.{table}", async progress =>
    {
        var result = await lake.IngestAsync(new IngestRequest([file], QualifiedName.Of(schema, table)) { Mode = mode }, progress, cancellationToken);
        string added = result.AddedColumns.Count > 0 && !result.Created ? $", new column {string.Join(", ", result.AddedColumns)}" : "";
        return $"{Quantity.Count(result.RowCount)} rows from {Path.GetFileName(file)}{added}";
    });

    private Task ModelAsync(string name, string model, CancellationToken cancellationToken) => _steps.RunAsync(name, async progress =>
    {
        string sql = SqlModel.Read(model);
        long? affected = await ExecuteAsync(sql, progress, cancellationToken);
        return affected is { } count ? $"{Quantity.Count(count)} rows" : sql[3..sql.IndexOf('\n', StringComparison.Ordinal)];
    });

    private async Task<long?> ExecuteAsync(string sql, IProgress<StatementProgress>? progress, CancellationToken cancellationToken)
    {
        await using var result = await lake.Session.ExecuteAsync(sql, new StatementOptions { Progress = progress }, cancellationToken);
        return result.AffectedRows;
    }

    private async Task<string> BalanceAsync(CancellationToken cancellationToken)
    {
        await using var result = await lake.Session.ExecuteAsync(SqlModel.Read("balance"), cancellationToken: cancellationToken);
        long[]? counts = null;
        // Read to its end: who leaves a query earlier has cancelled it, and lineage says so.
        await foreach (var batch in result.ReadBatchesAsync(cancellationToken))
            counts ??= [.. Enumerable.Range(0, 3).Select(column => Convert.ToInt64(batch.GetValue(column, 0), CultureInfo.InvariantCulture))];
        return counts is [var raw, var sound, var rejected]
            ? $"{Quantity.Count(raw)} raw = {Quantity.Count(sound)} sound + {Quantity.Count(rejected)} rejected + {Quantity.Count(raw - sound - rejected)} repeated"
            : throw new TarnException(ErrorKind.Internal, "The balance of the demo gave no row.");
    }

    /// <summary>The demo replaces its own tables, never somebody else's.</summary>
    private async Task RequireOwnTablesAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(_folder))
            return;
        foreach (var table in (TableIdentifier[])[TableIdentifier.Of("bronze", "orders"), TableIdentifier.Of("silver", "orders"), TableIdentifier.Of("gold", "returns")])
        {
            if (await lake.Catalog.LoadTableAsync(table, cancellationToken) is not null)
                throw new TarnException(ErrorKind.AlreadyExists, $"Table {table} is there and was not made by the demo, which would replace it. Give the demo a folder of its own: tarn demo --data DIR");
        }
    }

    private void SayWhatNext(TimeSpan total)
    {
        string data = context.Words.Has(SharedOptions.Data.Name) ? $" --data {context.Words.Value(SharedOptions.Data.Name)}" : "";
        // Whoever came here by the launcher of a clone goes on with it.
        string tarn = File.Exists("tarn") && !Directory.Exists("tarn") ? "./tarn" : "tarn";
        _streams.Out.Flush();
        _steps.Say($"Done in {Quantity.Duration(total)}. Go on with");
        foreach (string command in (string[])[
            $"tables{data}",
            $"sql{data} -c \"SELECT * FROM gold.sales_by_month LIMIT 10\"",
            $"history silver.orders{data}",
            $"diff silver.orders year-end --counts{data}",
            $"read silver.orders --at year-end --limit 5{data}",
            $"sql{data}"])
            _streams.Error.WriteLine($"  {tarn} {command}");
    }

    private static string Shown(string file) => Path.GetRelativePath(Environment.CurrentDirectory, file) is { } relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : file;

    private sealed class RowProgress(IProgress<StatementProgress> progress, string stage, long rows) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new StatementProgress(stage, value, rows, "rows"));
    }
}
