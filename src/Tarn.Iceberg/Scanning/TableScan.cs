using Tarn.Core.Errors;
using Tarn.Core.Text;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Scanning;

/// <summary>
/// Which rows of a table are wanted: a state, a filter and columns. Immutable; every method gives a changed copy.
/// Plan it with <see cref="ScanPlanner"/>.
/// </summary>
public sealed record TableScan
{
    private TableScan(TableMetadata metadata) => Metadata = metadata;

    /// <summary>The table.</summary>
    public TableMetadata Metadata { get; }

    /// <summary>The state to read; null for a table without snapshot, which has no rows.</summary>
    public Snapshot? Snapshot { get; private init; }

    /// <summary>The schema to read with: the current one for branches, that of the snapshot for snapshots, times and tags.</summary>
    public required Schema Schema { get; init; }

    /// <summary>Rows that are wanted; unbound or bound to <see cref="Schema"/>.</summary>
    public Expression Filter { get; private init; } = Expression.True;

    /// <summary>How names in the filter and the selection are resolved: exactly, or exactly first and then ignoring case.</summary>
    public bool CaseSensitive { get; init; } = true;

    /// <summary>Field ids of the wanted columns at any depth; null is all.</summary>
    public IReadOnlyList<int>? SelectedFieldIds { get; private init; }

    /// <summary>Whether only the data files are wanted that the snapshot itself added: a step of an incremental scan, to which deletes do not apply.</summary>
    public bool OnlyAdded { get; init; }

    /// <summary>Whether tasks carry counts and bounds of their data files.</summary>
    public bool IncludeColumnStats { get; init; }

    /// <summary>A scan of the present state of a table.</summary>
    public static TableScan Of(TableMetadata metadata) => new(metadata) { Snapshot = metadata.CurrentSnapshot, Schema = metadata.CurrentSchema };

    /// <summary>Reads a snapshot by id with its own schema.</summary>
    /// <exception cref="TarnException">NotFound when the table does not know it.</exception>
    public TableScan UseSnapshot(long snapshotId)
    {
        var snapshot = Metadata.FindSnapshot(snapshotId)
            ?? throw TarnException.NotFound($"Table at '{Metadata.Location}' has no snapshot {snapshotId}. It may have expired; the table's history names those that are left.");
        return this with { Snapshot = snapshot, Schema = SchemaOf(snapshot) };
    }

    /// <summary>Reads what was the current state at a time, by the snapshot log ("Point in Time Reads").</summary>
    /// <exception cref="TarnException">NotFound when the log has nothing that old, or the snapshot has expired.</exception>
    public TableScan AsOf(DateTimeOffset time)
    {
        long milliseconds = time.ToUnixTimeMilliseconds();
        var entry = Metadata.SnapshotLog.FindLast(e => e.TimestampMs <= milliseconds)
            ?? throw TarnException.NotFound($"Table at '{Metadata.Location}' had no snapshot at {Text(milliseconds)}; {Oldest()}");
        return UseSnapshot(entry.SnapshotId);
    }

    /// <summary>Reads the head of a branch with the current schema, or a tag with the schema of its snapshot.</summary>
    /// <exception cref="TarnException">NotFound when there is no such reference.</exception>
    public TableScan UseRef(string name)
    {
        if (name == Spec.Snapshot.MainBranch)
            return this with { Snapshot = Metadata.CurrentSnapshot, Schema = Metadata.CurrentSchema };
        if (!Metadata.Refs.TryGetValue(name, out var reference))
            throw TarnException.NotFound($"Table at '{Metadata.Location}' has no branch or tag '{name}'. {(Metadata.Refs.Count == 0 ? "It has none yet" : $"It has: {string.Join(", ", Metadata.Refs.Keys)}")}.");
        var scan = UseSnapshot(reference.SnapshotId);
        return reference.Type == SnapshotRefType.Branch ? scan with { Schema = Metadata.CurrentSchema } : scan;
    }

    /// <summary>Keeps only rows that match, in addition to the filter so far.</summary>
    public TableScan Where(Expression filter) => this with { Filter = Expression.And(Filter, filter) };

    /// <summary>Reads only these columns, by dotted paths in <see cref="Schema"/>.</summary>
    /// <exception cref="TarnException">InvalidRequest when there is no such column.</exception>
    public TableScan Select(params IEnumerable<string> columns) => this with { SelectedFieldIds = [.. columns.Select(FieldId).Distinct()] };

    private int FieldId(string column) =>
        (CaseSensitive ? Schema.FindField(column) : Schema.ResolveField(column))?.Id
        ?? throw TarnException.Invalid($"There is no column '{column}' to select. Columns are: {string.Join(", ", Schema.Fields.Select(f => f.Name))}.");

    private Schema SchemaOf(Snapshot snapshot) => snapshot.SchemaId is { } id ? Metadata.Schema(id) : Metadata.CurrentSchema;

    private string Oldest() => Metadata.SnapshotLog is [var first, ..]
        ? $"the oldest one known was made at {Text(first.TimestampMs)}."
        : "its metadata keeps no log of snapshots.";

    private static string Text(long milliseconds) =>
        IsoTime.Milliseconds(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
