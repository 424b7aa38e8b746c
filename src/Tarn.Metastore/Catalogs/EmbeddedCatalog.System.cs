using System.Runtime.CompilerServices;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Inspection;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Metastore.Catalogs;

public sealed partial class EmbeddedCatalog
{
    private static readonly Schema s_history = SystemTable.SchemaOf(
        ("commit", SimpleType.Long), ("time", SimpleType.TimestampTz), ("principal", SimpleType.String), ("warehouse", SimpleType.String), ("branch", SimpleType.String),
        ("change", SimpleType.String), ("name", SimpleType.String), ("metadata", SimpleType.String));

    private static readonly Schema s_dropped = SystemTable.SchemaOf(
        ("name", SimpleType.String), ("kind", SimpleType.String), ("dropped_at", SimpleType.TimestampTz), ("principal", SimpleType.String), ("kept_until", SimpleType.TimestampTz),
        ("is_purged", SimpleType.Boolean), ("commit", SimpleType.Long), ("metadata", SimpleType.String));

    private static readonly Schema s_branches = SystemTable.SchemaOf(
        ("warehouse", SimpleType.String), ("branch", SimpleType.String), ("parent", SimpleType.String), ("created_at", SimpleType.TimestampTz), ("created_commit", SimpleType.Long),
        ("base_commit", SimpleType.Long), ("last_commit", SimpleType.Long));

    /// <inheritdoc/>
    public IReadOnlyList<SystemTable> SystemTables =>
    [
        new("branches", s_branches, ReadBranchesAsync),
        new("catalog_history", s_history, ReadHistoryAsync),
        new("dropped_tables", s_dropped, ReadDroppedAsync),
        .. GovernanceTables.TablesOf(this),
        .. options.LineageFolder is { } folder ? new[] { Lineage.LineageTable.Of(folder) } : [],
    ];

    private async IAsyncEnumerable<object?[]> ReadHistoryAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in CatalogHistory.ReadAsync(log, cancellationToken).ConfigureAwait(false))
            yield return [entry.Number, Micros(entry.Time), entry.Principal, entry.At.Warehouse, entry.At.Branch, entry.Change, entry.Name, entry.MetadataLocation];
    }

    private async IAsyncEnumerable<object?[]> ReadDroppedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (key, entry) in await ListDroppedAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return
            [
                entry.Name.ToString(), entry.IsView ? "view" : "table", Micros(entry.Time), entry.Principal, Micros(entry.Retention.Until), entry.Retention.IsPurged, key.Number,
                entry.MetadataLocation,
            ];
        }
    }

    private async IAsyncEnumerable<object?[]> ReadBranchesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (warehouse, name, branch) in state.Warehouses.SelectMany(w => w.Value.Branches.Select(b => (w.Key, b.Key, b.Value))))
        {
            var origin = branch.Origin;
            yield return [warehouse, name, origin?.Parent, origin is null ? null : Micros(origin.CreatedTime), origin?.CreatedNumber, origin?.BaseNumber, branch.HeadNumber];
        }
    }

    private static object Micros(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
