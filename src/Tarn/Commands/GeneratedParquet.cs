using System.Globalization;
using Tarn.Core.Files;
using Tarn.DuckDb;
using Tarn.DuckDb.Arrow;
using Tarn.Synthetic;
using Tarn.Synthetic.Columns;

namespace Tarn.Commands;

/// <summary>Writes generated rows as Parquet: DuckDB takes them as columns, just as the generator makes them.</summary>
internal static class GeneratedParquet
{
    // DuckDB's row group: a block of this size becomes one as it is.
    private const int RowsPerBlock = 122_880;

    // What DuckDB may hold of rows that are not in the file yet: several row groups a thread, about 30 MB each.
    private const int MinMemoryMegabytes = 512;
    private const int MemoryPerThreadMegabytes = 128;

    /// <summary>Writes the file. Columns that planted defects hit are text, because their values fit no other type.</summary>
    public static async Task<DatasetSummary> WriteAsync(Dataset dataset, string path, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var columns = dataset.ReadColumns(RowsPerBlock);
        await Task.Run(() => Write(new ColumnStream(columns, progress), path, cancellationToken), cancellationToken);
        return new DatasetSummary(columns.RowCount, new FileInfo(path).Length, columns.Defects);
    }

    private static void Write(ColumnStream rows, string path, CancellationToken cancellationToken)
    {
        int memoryMegabytes = Math.Max(MinMemoryMegabytes, MemoryPerThreadMegabytes * Environment.ProcessorCount);
        using var database = DuckDbDatabase.Open(settings: new Dictionary<string, string> { ["memory_limit"] = string.Create(CultureInfo.InvariantCulture, $"{memoryMegabytes}MB") });
        using var connection = database.Connect();
        try
        {
            connection.CopyArrow(rows, path, "FORMAT parquet, COMPRESSION zstd", cancellationToken);
        }
        catch (DuckDbException error) when (error.IsDiskFull)
        {
            throw FileErrors.Create(FileFailure.NoSpace, path);
        }
    }

    private sealed class ColumnStream(DatasetColumns columns, IProgress<long> progress) : IArrowStream
    {
        public IReadOnlyList<ArrowField> Fields { get; } = [.. columns.Columns.Select(column => new ArrowField(column.Name, column.ArrowFormat))];

        public IArrowBatch? Next()
        {
            progress.Report(columns.RowCount);
            return columns.Next() is { } block ? new Batch(columns, block) : null;
        }
    }

    private sealed class Batch(DatasetColumns columns, DatasetBlock block) : IArrowBatch
    {
        public int RowCount => block.RowCount;

        public ArrowColumn Column(int index)
        {
            var column = block.Columns[index];
            return new ArrowColumn(column.NullCount, column.Validity, column.Values, column.Utf8);
        }

        public void Dispose() => columns.Return(block);
    }
}
