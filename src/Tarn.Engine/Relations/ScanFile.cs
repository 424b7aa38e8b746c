using Tarn.Engine.Avro;
using Tarn.Engine.Foreign.Lines;
using Tarn.Engine.Parquet;
using Tarn.Iceberg.Deletes;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Relations;

/// <summary>A data or delete file ready to be read: where it lies and what its footer says.</summary>
/// <param name="File">The file as the manifest lists it.</param>
/// <param name="Spec">Partition spec of <see cref="DataFile.Partition"/>.</param>
/// <param name="Path">Local path.</param>
/// <param name="Footer">Its footer; null for what is no Parquet file.</param>
internal sealed record ScanFile(DataFile File, PartitionSpec Spec, string Path, ParquetFooter? Footer)
{
    /// <summary>The file as Avro; null for others.</summary>
    public AvroFile? Avro { get; init; }

    /// <summary>How the file is read line by line; null for others.</summary>
    public LineForm? Lines { get; init; }

    /// <summary>A mapping of its own, which counts more than ids that its columns carry: tables of other formats know no ids. Null for the table's.</summary>
    public NameMapping? Mapping { get; init; }

    /// <summary>Rows in a file that does not tell how many it has.</summary>
    public long EstimatedRows { get; init; }

    /// <summary>True when its columns carry field ids.</summary>
    public bool HasFieldIds => Mapping is null && (Footer?.HasFieldIds ?? (Avro is null || AvroFields.HasIds(Avro.Schema)));

    /// <summary>Positions that are deleted; null when none is.</summary>
    public PositionBitmap? Deleted { get; init; }

    /// <summary>Values that all rows have in columns that only Tarn knows, by field id (negative).</summary>
    public IReadOnlyDictionary<int, object?> Marks { get; init; } = new Dictionary<int, object?>();

    /// <summary>Columns of the table that cannot be read out of this file, by field id, with the reason; a query that reads one fails with it.</summary>
    public IReadOnlyDictionary<int, string> Unreadable { get; init; } = new Dictionary<int, string>();

    /// <summary>Rows in the file, deleted ones included.</summary>
    public long RowCount => Footer?.RowCount ?? Avro?.Count ?? EstimatedRows;

    /// <summary>Equal for files that one reading function reads in one way.</summary>
    public string Form => Footer?.Fingerprint ?? Lines?.Key ?? $"avro {Avro!.MetadataText("avro.schema")}";
}
