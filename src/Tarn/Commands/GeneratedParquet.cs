using System.Globalization;
using Tarn.DuckDb;
using Tarn.Engine.Sql;
using Tarn.Synthetic;

namespace Tarn.Commands;

/// <summary>Writes generated rows as Parquet: as CSV beside the target first, then through DuckDB with the types of the dataset.</summary>
internal static class GeneratedParquet
{
    /// <summary>Writes the file. Columns that planted defects hit are text, because their values fit no other type.</summary>
    public static async Task<DatasetSummary> WriteAsync(Dataset dataset, string path, IProgress<long> progress, CancellationToken cancellationToken)
    {
        string rows = path + ".csv";
        try
        {
            DatasetSummary summary;
            await using (var file = File.Create(rows))
                summary = await dataset.WriteCsvAsync(file, new DatasetWriteOptions { Progress = progress }, cancellationToken);
            var dirty = dataset.DefectColumns.Where(pair => summary.Defects[pair.Key] > 0).Select(pair => pair.Value).ToHashSet();
            string columns = string.Join(", ", dataset.Columns.Select(column =>
                $"{SqlPrinter.QuoteLiteral(column.Name)}: {SqlPrinter.QuoteLiteral(dirty.Contains(column.Name) ? "VARCHAR" : column.SqlType)}"));
            using var database = DuckDbDatabase.Open();
            using var connection = database.Connect();
            connection.Execute(
                string.Create(CultureInfo.InvariantCulture, $"COPY (SELECT * FROM read_csv({SqlPrinter.QuoteLiteral(rows)}, header = true, auto_detect = false, columns = {{{columns}}})) TO {SqlPrinter.QuoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd)"),
                cancellationToken);
            return summary;
        }
        finally
        {
            File.Delete(rows);
        }
    }
}
