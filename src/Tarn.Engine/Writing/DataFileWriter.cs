using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.DuckDb;
using Tarn.Engine.Relations;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Engine.Writing;

/// <summary>
/// Writes the rows of a query as Parquet data files with field ids and metrics. Rows of a partitioned table are first split by partition
/// (<see cref="PartitionedCopy"/>); files that came out too large, or must be sorted, are rewritten one by one (the engine cannot split by size and by
/// partition in one go).
/// </summary>
internal sealed class DataFileWriter(DuckDbConnection connection, IObjectStore store)
{
    private const double SplitTolerance = 1.5;

    private StagedFolder? _folder;

    /// <summary>Bytes that are written but not finished files yet. May be asked while <see cref="Write"/> runs, from any thread.</summary>
    public long UnfinishedSizeBytes => _folder?.SizeBytes() ?? 0;

    /// <summary>Writes all rows of the request.</summary>
    /// <exception cref="TarnException">InvalidRequest when a row holds what the schema does not allow, such as no value for a column that is NOT NULL.</exception>
    public WrittenFiles Write(WriteRequest request, CancellationToken cancellationToken)
    {
        RefuseUnwritable(request.Schema);
        var stored = request with { Schema = StoredColumns.Of(request.Schema) };
        var names = ColumnNames.Deduplicate([.. stored.Schema.Fields.Select(f => f.Name)]);
        var keys = Keys(stored, names);
        using var folder = _folder = new StagedFolder(store);
        var files = new List<(StagedFile, DataFile)>();
        try
        {
            foreach (var written in Copy(StoredColumns.Sql(request, stored.Schema, names), folder, keys, stored, names, cancellationToken))
            {
                foreach (var final in Finish(written, folder, stored, names, cancellationToken))
                    files.Add(Describe(final, keys, written.PartitionKeys, stored, names, cancellationToken));
            }

            return new WrittenFiles(files);
        }
        catch
        {
            new WrittenFiles(files).Dispose();
            throw;
        }
    }

    private IEnumerable<CopiedFile> Copy(string sourceSql, StagedFolder folder, IReadOnlyList<PartitionKey> keys, WriteRequest request, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (keys.Count > 0)
            return new PartitionedCopy(connection, folder, FileOptions(request, names), keys).Run(sourceSql, cancellationToken);
        return CopiedFile.Run(
            connection, $"COPY ({sourceSql}{OrderBy(request, names)}) TO {EngineSql.String(folder.NextPath())} ({FileOptions(request, names)}, FILE_SIZE_BYTES {request.Settings.TargetFileSizeBytes})", cancellationToken);
    }

    private IEnumerable<CopiedFile> Finish(CopiedFile written, StagedFolder folder, WriteRequest request, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        bool tooLarge = written.SizeBytes > request.Settings.TargetFileSizeBytes * SplitTolerance;
        bool unsorted = request.Order.Fields.Count > 0;
        if (written.PartitionKeys.Count == 0 || !(tooLarge || unsorted))
            return [written];
        string source = $"SELECT * FROM read_parquet({EngineSql.String(written.Path)}, hive_partitioning = false){OrderBy(request, names)}";
        var parts = CopiedFile.Run(
            connection, $"COPY ({source}) TO {EngineSql.String(folder.NextPath())} ({FileOptions(request, names)}, FILE_SIZE_BYTES {request.Settings.TargetFileSizeBytes})", cancellationToken);
        File.Delete(written.Path);
        return parts;
    }

    private (StagedFile, DataFile) Describe(CopiedFile copied, IReadOnlyList<PartitionKey> keys, IReadOnlyDictionary<string, string> partitionKeys, WriteRequest request, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var metrics = new ColumnMetrics(request.Settings.Metrics);
        metrics.Add(request.Schema, names, copied.Columns);
        CountNaN(metrics, copied.Path, cancellationToken);
        FixTimestamps(request.Schema, copied.Path);
        object?[] partition = [.. keys.Select(k => k.Parse(WholeKey(k, partitionKeys[k.ColumnName], copied.Path, cancellationToken)))];
        var staged = store.Stage(".parquet");
        File.Move(copied.Path, staged.Path);
        var file = new DataFile
        {
            FilePath = $"{request.DataLocation}/{PartitionFolder(request, partition)}{Guid.NewGuid():N}.parquet",
            Format = FileFormat.Parquet,
            SpecId = request.Spec.SpecId,
            Partition = partition,
            RecordCount = copied.RowCount,
            FileSizeInBytes = copied.SizeBytes,
            SortOrderId = request.Order.OrderId,
        };
        return (staged, metrics.Apply(file));
    }

    private string WholeKey(PartitionKey key, string text, string path, CancellationToken cancellationToken)
    {
        if (!PartitionKey.IsHash(text))
            return text;
        using var result = connection.Query($"SELECT {key.WholeSql} FROM read_parquet({EngineSql.String(path)}, hive_partitioning = false) LIMIT 1", cancellationToken);
        return (string)result.Rows(cancellationToken).Single()[0]!;
    }

    private void CountNaN(ColumnMetrics metrics, string path, CancellationToken cancellationToken)
    {
        if (metrics.NaNColumns.Count == 0)
            return;
        string counts = string.Join(", ", metrics.NaNColumns.Select(c => $"count(*) FILTER (isnan({c.Sql}))"));
        using var result = connection.Query($"SELECT {counts} FROM read_parquet({EngineSql.String(path)}, hive_partitioning = false)", cancellationToken);
        object?[] row = result.Rows(cancellationToken).Single();
        foreach (var (i, column) in metrics.NaNColumns.Index())
            metrics.SetNaNCount(column.FieldId, (long)row[i]!);
    }

    // The engine has no zoned type of nanoseconds: it wrote the instants as local timestamps, and only the annotation must change.
    private static void FixTimestamps(Schema schema, string path)
    {
        var ids = schema.FieldsById.Values.Where(f => f.Type.Id == TypeId.TimestampTzNs).Select(f => f.Id).ToHashSet();
        if (ids.Count > 0)
            Parquet.UtcAnnotation.Set(path, c => c.FieldId is { } id && ids.Contains(id), isAdjustedToUtc: true);
    }

    private static string FileOptions(WriteRequest request, IReadOnlyList<string> names)
    {
        string level = request.Settings.CodecLevel is { } l ? string.Create(CultureInfo.InvariantCulture, $", COMPRESSION_LEVEL {l}") : "";
        return $"FORMAT parquet, COMPRESSION {request.Settings.Codec}{level}, FIELD_IDS {FieldIdsSql.Of(request.Schema, names)}, RETURN_STATS, FILENAME_PATTERN 'f_{{uuid}}'";
    }

    private static string OrderBy(WriteRequest request, IReadOnlyList<string> names)
    {
        var terms = request.Order.Fields.Where(f => f.Transform.Kind != TransformKind.Void).Select(f =>
        {
            var (sql, type) = ColumnSql.Of(request.Schema, names, f.SourceId);
            return $"{TransformSql.OrderOf(f.Transform, type, sql)} {(f.Direction == SortDirection.Descending ? "DESC" : "ASC")} NULLS {(f.NullOrder == NullOrder.NullsFirst ? "FIRST" : "LAST")}";
        });
        string order = string.Join(", ", terms);
        return order.Length == 0 ? "" : $" ORDER BY {order}";
    }

    private static IReadOnlyList<PartitionKey> Keys(WriteRequest request, IReadOnlyList<string> names) =>
    [
        .. request.Spec.Fields.Select(f =>
        {
            // Version 1 keeps fields that were dropped as void ones; their column may be gone too.
            var (sql, type) = f.Transform.Kind == TransformKind.Void ? ("NULL", Type(request, f)) : ColumnSql.Of(request.Schema, names, f.SourceId);
            return new PartitionKey(f, type, sql, PartitionLimit.Of(request.Schema, f));
        }),
    ];

    // Of a void field whose column was dropped no value has a type.
    private static IcebergType Type(WriteRequest request, PartitionField field) => request.Schema.FindField(field.SourceId)?.Type ?? SimpleType.Unknown;

    private static string PartitionFolder(WriteRequest request, object?[] partition)
    {
        if (partition.Length == 0)
            return "";
        var types = request.Spec.Fields.Select(f => new NestedField(f.FieldId, f.Name, false, f.Transform.ResultType(Type(request, f))));
        string folder = request.Spec.ToPath(new StructType([.. types]), partition);
        // Long values make names that file systems refuse; the manifest holds the value anyway.
        return folder.Length > 0 && folder.Split('/').All(part => part.Length <= 200) ? folder + "/" : "";
    }

    private static void RefuseUnwritable(Schema schema)
    {
        var field = schema.FieldsById.Values.FirstOrDefault(f => f.Type.Id is TypeId.Fixed or TypeId.Variant or TypeId.Geometry or TypeId.Geography);
        if (field is not null)
            throw TarnException.Unsupported($"Column '{schema.FindName(field.Id)}' is of type {SqlTypeText.Of(field.Type)}, which this version of Tarn reads but does not write.");
    }
}
