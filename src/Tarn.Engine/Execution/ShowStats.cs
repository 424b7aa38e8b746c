using System.Globalization;
using Tarn.DuckDb.Types;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Execution;

/// <summary>
/// SHOW STATS FOR table: what the manifests tell of each column, and the row count in a last row, as Trino shows them. What deletes leave uncertain is null:
/// only those by position say exactly how many rows they take away.
/// </summary>
internal static class ShowStats
{
    private static readonly ResultColumn[] Columns =
    [
        new("column_name", DuckDbType.Of(DuckDbTypeId.Varchar)), new("data_size", DuckDbType.Of(DuckDbTypeId.Double)),
        new("distinct_values_count", DuckDbType.Of(DuckDbTypeId.Double)), new("nulls_fraction", DuckDbType.Of(DuckDbTypeId.Double)),
        new("row_count", DuckDbType.Of(DuckDbTypeId.Double)), new("low_value", DuckDbType.Of(DuckDbTypeId.Varchar)), new("high_value", DuckDbType.Of(DuckDbTypeId.Varchar)),
    ];

    public static async Task<StatementResult> ExecuteAsync(StatementContext context, ShowStatsStatement show, CancellationToken cancellationToken)
    {
        var (_, table) = await TableLookup.TableAsync(context, show.Table, cancellationToken).ConfigureAwait(false);
        var plan = await context.Services.Planner.PlanAsync(TableScan.Of(table.Metadata) with { IncludeColumnStats = true }, cancellationToken).ConfigureAwait(false);
        DataFile[] files = [.. plan.Tasks.Select(t => t.File)];
        bool hasDeletes = plan.Tasks.Any(t => t.Deletes.Count > 0);
        var rows = table.Metadata.CurrentSchema.Fields.Select(f => Row(f, files, hasDeletes)).ToList();
        double? count = await new LiveRowCount(context.Services, context.Session.Trust).FindAsync(table, plan.Tasks, cancellationToken).ConfigureAwait(false);
        rows.Add([null, null, null, null, count, null, null]);
        return new RowsResult("SHOW", Columns, rows);
    }

    private static object?[] Row(NestedField field, DataFile[] files, bool hasDeletes)
    {
        double records = files.Sum(f => (double)f.RecordCount);
        double? size = Sum(files, f => f.ColumnSizes, field.Id), nulls = Sum(files, f => f.NullValueCounts, field.Id);
        return [field.Name, size, null, nulls is { } n && records > 0 && !hasDeletes ? n / records : null, null, Bound(field, files, f => f.LowerBounds, -1), Bound(field, files, f => f.UpperBounds, 1)];
    }

    private static double? Sum(DataFile[] files, Func<DataFile, IReadOnlyDictionary<int, long>?> map, int id) =>
        files.Length > 0 && files.All(f => map(f)?.ContainsKey(id) == true) ? files.Sum(f => (double)map(f)![id]) : null;

    private static string? Bound(NestedField field, DataFile[] files, Func<DataFile, IReadOnlyDictionary<int, byte[]>?> map, int sign)
    {
        if (field.Type.Id is TypeId.String or TypeId.Binary or TypeId.Fixed || !field.Type.IsPrimitive)
            return null;
        object? best = null;
        foreach (var file in files.Where(f => f.NullValueCounts?.GetValueOrDefault(field.Id) != f.RecordCount))
        {
            if (map(file) is not { } bounds || !bounds.TryGetValue(field.Id, out byte[]? bytes) || !BinarySingleValue.TryDeserialize(field.Type, bytes, out object? value))
                return null;
            if (best is null || LiteralValue.Compare(value, best) * sign > 0)
                best = value;
        }

        return best is null ? null : Text(field.Type, best);
    }

    private static string Text(IcebergType type, object value) => (type.Id, value) switch
    {
        (TypeId.Date, int days) => IsoText.Date(days),
        (TypeId.Time, long micros) => IsoText.Time(micros, 6),
        (TypeId.Timestamp or TypeId.TimestampTz, long micros) => IsoText.Timestamp(micros, 6, type.Id == TypeId.TimestampTz),
        (TypeId.TimestampNs or TypeId.TimestampTzNs, long nanos) => IsoText.Timestamp(nanos, 9, type.Id == TypeId.TimestampTzNs),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
