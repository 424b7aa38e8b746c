using System.Runtime.CompilerServices;
using Tarn.Iceberg.Inspection;
using Tarn.Iceberg.Lineage;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Metastore.Lineage;

/// <summary>The table <c>system.lineage</c>: one row for each thing that an event read or wrote.</summary>
internal static class LineageTable
{
    private static readonly Schema s_schema = SystemTable.SchemaOf(
        ("event", SimpleType.Long), ("time", SimpleType.TimestampTz), ("principal", SimpleType.String), ("engine", SimpleType.String), ("operation", SimpleType.String), ("status", SimpleType.String),
        ("duration_ms", SimpleType.Double), ("direction", SimpleType.String), ("kind", SimpleType.String), ("name", SimpleType.String), ("snapshot", SimpleType.Long),
        ("columns", SimpleType.String), ("statement", SimpleType.String), ("statement_hash", SimpleType.String));

    /// <summary>The table over a folder.</summary>
    public static SystemTable Of(string folder) => new("lineage", s_schema, token => ReadAsync(new LineageReader(folder), token));

    private static async IAsyncEnumerable<object?[]> ReadAsync(LineageReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long number = 0;
        await foreach (var found in reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            number++;
            foreach (var input in found.Inputs)
                yield return Row(number, found, "input", input);
            foreach (var output in found.Outputs)
                yield return Row(number, found, "output", output);
            if (found.Inputs.Count + found.Outputs.Count == 0)
                yield return Row(number, found, null, null);
        }
    }

    private static object?[] Row(long number, LineageEvent found, string? direction, LineageObject? item) =>
    [
        number, (found.Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, found.Principal, found.Engine, found.Operation, LineageJson.NameOf(found.Status),
        found.Duration?.TotalMilliseconds, direction, item?.Kind, item?.Name, item?.SnapshotId, item?.Columns is { Count: > 0 } columns ? string.Join(", ", columns) : null,
        found.Statement, found.StatementHash,
    ];
}
