using System.Text.Json;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Requests;
using Tarn.Core.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Catalog.Rest.Planning;

/// <summary>A scan that is to be planned (<c>PlanTableScanRequest</c>).</summary>
internal sealed record PlanRequest
{
    private const string AppendOperation = "append";

    /// <summary>The snapshot to scan; null for the newest of the main branch.</summary>
    public long? SnapshotId { get; init; }

    /// <summary>The snapshot after which an incremental scan begins, and the last one of it; both null for a scan of one state.</summary>
    public (long Start, long End)? Range { get; init; }

    /// <summary>Columns; null for all.</summary>
    public IReadOnlyList<string>? Select { get; init; }

    /// <summary>Rows that are wanted.</summary>
    public Expression Filter { get; init; } = Expression.True;

    /// <summary>How names are resolved.</summary>
    public bool CaseSensitive { get; init; } = true;

    /// <summary>Whether names are those of the snapshot's schema, not the table's.</summary>
    public bool UseSnapshotSchema { get; init; }

    /// <summary>Columns whose counts and bounds are wanted.</summary>
    public IReadOnlyList<string> StatsFields { get; init; } = [];

    /// <summary>Rows that are enough; null for all.</summary>
    public long? MinRowsRequested { get; init; }

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="TarnException">InvalidRequest: it is no such request.</exception>
    public static PlanRequest Read(RestBody body)
    {
        long? snapshot = Long(body, "snapshot-id"), start = Long(body, "start-snapshot-id"), end = Long(body, "end-snapshot-id");
        if (snapshot is not null && (start is not null || end is not null))
            throw RestException.BadRequest("Either snapshot-id is given, or start-snapshot-id and end-snapshot-id; not all of them.");
        if (start is null != end is null)
            throw RestException.BadRequest("start-snapshot-id and end-snapshot-id go together.");
        if (Long(body, "min-rows-requested") is < 0 and var rows)
            throw RestException.BadRequest($"min-rows-requested is {rows}; it is 0 or more.");
        return new PlanRequest
        {
            SnapshotId = snapshot,
            Range = start is { } from && end is { } to ? (from, to) : null,
            Select = body.Optional("select") is { } select && Texts(select) is { Count: > 0 } columns ? columns : null,
            // A null in its place is no filter at all, which would widen the scan (the field is not nullable).
            Filter = body.Json.TryGetProperty("filter", out var filter) ? ExpressionJson.Read(filter, "filter") : Expression.True,
            CaseSensitive = body.Optional("case-sensitive") is null || body.Flag("case-sensitive"),
            UseSnapshotSchema = body.Flag("use-snapshot-schema"),
            StatsFields = body.Optional("stats-fields") is { } stats ? Texts(stats) : [],
            MinRowsRequested = Long(body, "min-rows-requested"),
        };
    }

    /// <summary>The scans that give the files together, in order.</summary>
    /// <exception cref="TarnException">NotFound for a snapshot that the table does not know; InvalidRequest for names and filters that do not fit its schema.</exception>
    public IReadOnlyList<TableScan> ToScans(TableMetadata metadata)
    {
        IReadOnlyList<TableScan> scans = [.. Range is { } range ? Appends(metadata, range.Start, range.End) : [StateOf(metadata, SnapshotId)]];
        foreach (var scan in scans)
            scan.Filter.Bind(scan.Schema, scan.CaseSensitive);
        return scans;
    }

    /// <summary>The newest snapshot whose rows are wanted; null for a table without one.</summary>
    public long? LastSnapshotOf(TableMetadata metadata) => Range?.End ?? SnapshotId ?? metadata.CurrentSnapshot?.SnapshotId;

    /// <summary>Ids of the columns whose counts and bounds are wanted.</summary>
    /// <exception cref="RestException">400: there is no such column.</exception>
    public IReadOnlySet<int> StatsIds(Schema schema) => StatsFields
        .Select(name => (CaseSensitive ? schema.FindField(name) : schema.ResolveField(name))?.Id ?? throw RestException.BadRequest($"stats-fields: there is no column '{name}'."))
        .ToHashSet();

    // Only appended rows are told: what a range of snapshots deleted or rewrote is no part of an incremental append scan.
    private IEnumerable<TableScan> Appends(TableMetadata metadata, long start, long end)
    {
        _ = metadata.FindSnapshot(end) ?? throw TarnException.NotFound($"The table has no snapshot {end} (end-snapshot-id).");
        var line = metadata.Ancestors(end).ToList();
        int from = line.FindIndex(s => s.SnapshotId == start);
        if (from < 0 && line[^1].ParentSnapshotId != start)
            throw RestException.BadRequest($"start-snapshot-id {start} is no ancestor of end-snapshot-id {end}.");
        var appends = line.Take(from < 0 ? line.Count : from).Where(s => s.Operation == AppendOperation).Reverse();
        return appends.Select(s => StateOf(metadata, s.SnapshotId) with { OnlyAdded = true, Schema = UseSnapshotSchema ? SchemaOf(metadata, end) : metadata.CurrentSchema });
    }

    private TableScan StateOf(TableMetadata metadata, long? snapshotId)
    {
        var scan = TableScan.Of(metadata);
        if (snapshotId is { } id)
        {
            scan = scan.UseSnapshot(id);
            if (!UseSnapshotSchema)
                scan = scan with { Schema = metadata.CurrentSchema };
        }

        scan = scan with { CaseSensitive = CaseSensitive, IncludeColumnStats = StatsFields.Count > 0 };
        if (Select is { } columns)
            scan = scan.Select(columns.Where(name => !IsMetadataColumn(name, scan.Schema)));
        return scan.Where(Filter);
    }

    private static Schema SchemaOf(TableMetadata metadata, long snapshotId) => TableScan.Of(metadata).UseSnapshot(snapshotId).Schema;

    // "Reserved Field IDs": columns that no schema holds and every file has.
    private static bool IsMetadataColumn(string name, Schema schema) => name.StartsWith('_') && schema.FindField(name) is null;

    private static IReadOnlyList<string> Texts(RestBody list) => [.. list.AsList().Select(item => item.AsText())];

    private static long? Long(RestBody body, string name)
    {
        if (body.Optional(name) is not { } value)
            return null;
        return value.Json.ValueKind == JsonValueKind.Number && value.Json.TryGetInt64(out long number) ? number : throw RestException.BadRequest($"{value.Place} is no 64-bit number.");
    }
}
