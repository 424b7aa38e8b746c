using System.Globalization;
using System.Numerics;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Engine.Naming;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning;

/// <summary>Chooses the snapshot and schema of a scan from its time travel clause.</summary>
internal sealed class SnapshotResolver
{
    /// <summary>Without a clause, the head of <c>main</c> with the current schema.</summary>
    public (Snapshot? Snapshot, Schema Schema) Resolve(DuckDbConnection connection, TableSource.Table table, AtClause? at)
    {
        var metadata = table.Handle.Metadata;
        if (at is null)
            return (metadata.CurrentSnapshot, metadata.CurrentSchema);
        return at.Unit.Equals("TIMESTAMP", StringComparison.OrdinalIgnoreCase)
            ? AsOf(table, (DuckDbTimestamp?)ConstantExpression.Evaluate(connection, at.Expression, "TIMESTAMPTZ"))
            : Version(table, ConstantExpression.Evaluate(connection, at.Expression));
    }

    /// <summary>The snapshot that was current at a time ("Point in Time Reads").</summary>
    private static (Snapshot? Snapshot, Schema Schema) AsOf(TableSource.Table table, DuckDbTimestamp? time)
    {
        if (time is not { IsInfinite: false } instant)
            throw TarnException.Invalid($"The time to read table '{table.Handle.Identifier}' at is {time?.ToString() ?? "NULL"}; give a timestamp.");
        var metadata = table.Handle.Metadata;
        long milliseconds = (long)Math.Floor(instant.Value / 1000.0);
        var entry = metadata.SnapshotLog.LastOrDefault(e => e.TimestampMs <= milliseconds);
        if (entry is null)
        {
            string first = metadata.SnapshotLog.IsEmpty ? "it has no snapshot" : $"its first snapshot is of {Time(metadata.SnapshotLog[0].TimestampMs)}";
            throw TarnException.NotFound($"Table '{table.Handle.Identifier}' had no version at {instant}: {first}.");
        }

        return Of(table, entry.SnapshotId, entry.SnapshotId.ToString(CultureInfo.InvariantCulture));
    }

    private static (Snapshot? Snapshot, Schema Schema) Version(TableSource.Table table, object? version) => version switch
    {
        string name when table.Handle.Metadata.Refs.TryGetValue(name, out var reference) => OfRef(table, name, reference),
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id) => Of(table, id, text),
        string name => throw TarnException.NotFound(
            $"Table '{table.Handle.Identifier}' has no branch or tag '{name}'. It has {(table.Handle.Metadata.Refs.IsEmpty ? "none" : string.Join(", ", table.Handle.Metadata.Refs.Keys))}."),
        int or long or short or sbyte or Int128 or BigInteger => Of(table, Convert.ToInt64(version.ToString(), CultureInfo.InvariantCulture), version.ToString()!),
        _ => throw TarnException.Invalid($"The version to read table '{table.Handle.Identifier}' at is {version ?? "NULL"}; give a snapshot id, or the name of a branch or tag in quotes."),
    };

    // A branch is read with the table's current schema, a tag with the schema of its snapshot, as Iceberg's reference implementation does.
    private static (Snapshot? Snapshot, Schema Schema) OfRef(TableSource.Table table, string name, SnapshotRef reference)
    {
        var (snapshot, schema) = Of(table, reference.SnapshotId, name);
        return (snapshot, reference.Type == SnapshotRefType.Branch ? table.Handle.Metadata.CurrentSchema : schema);
    }

    private static (Snapshot? Snapshot, Schema Schema) Of(TableSource.Table table, long id, string asked)
    {
        var metadata = table.Handle.Metadata;
        var snapshot = metadata.FindSnapshot(id) ?? throw TarnException.NotFound(
            $"Table '{table.Handle.Identifier}' has no snapshot {asked}. SELECT * FROM \"{table.Handle.Identifier.Name}$snapshots\" lists those it has.");
        return (snapshot, snapshot.SchemaId is { } schemaId ? metadata.Schema(schemaId) : metadata.CurrentSchema);
    }

    private static string Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
