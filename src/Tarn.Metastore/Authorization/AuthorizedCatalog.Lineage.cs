using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Lineage;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Authorization;

/// <content>Lineage: what other engines commit is recorded in the name of who did it, with the engine as its snapshots tell it.</content>
public sealed partial class AuthorizedCatalog
{
    private const string CreateTable = "create table";

    /// <summary>Takes what is committed; null when nobody keeps it.</summary>
    public ILineageLog? Lineage { get; init; }

    /// <summary>When something happened, UTC.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Records that a client said it has read a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="snapshotId">The snapshot; null when the client does not say.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="engine">Name and version of the engine, as the client says; null when it does not.</param>
    public void RecordScan(TableIdentifier table, long? snapshotId, IReadOnlyList<string> columns, string? engine = null) =>
        Record("scan", engine ?? EngineOf(null), [new LineageObject(LineageObject.Table, LineageObject.NameOf(Address, table), snapshotId, columns)], []);

    /// <summary>Records that a client had the files of a table found for it, which is all that is seen of the read of one who opens none by itself.</summary>
    /// <param name="table">The table.</param>
    /// <param name="snapshotId">The snapshot; null for a table without one.</param>
    /// <param name="columns">The columns.</param>
    public void RecordPlan(TableIdentifier table, long? snapshotId, IReadOnlyList<string> columns) =>
        Record("plan", EngineOf(null), [new LineageObject(LineageObject.Table, LineageObject.NameOf(Address, table), snapshotId, columns)], []);

    private void Record(IReadOnlyList<TableCommit> commits)
    {
        if (Lineage is null)
            return;
        var outputs = new List<LineageObject>();
        Snapshot? last = null;
        foreach (var commit in commits)
        {
            var snapshot = commit.Updates.OfType<TableUpdate.AddSnapshot>().LastOrDefault()?.Snapshot;
            if (snapshot is null && !commit.Requirements.OfType<TableRequirement.AssertCreate>().Any())
                continue;
            last = snapshot ?? last;
            outputs.Add(new LineageObject(LineageObject.Table, LineageObject.NameOf(Address, commit.Table), snapshot?.SnapshotId));
        }

        if (outputs.Count > 0)
            Record(last is null ? CreateTable : last.Operation ?? "commit", EngineOf(last), [], outputs);
    }

    // Clients of the Hive Metastore write the metadata themselves and register it.
    private void RecordRegistration(TableHandle? replaced, TableHandle registered)
    {
        var snapshot = registered.Metadata.CurrentSnapshot;
        if (Lineage is not null && snapshot is not null && snapshot.SnapshotId != replaced?.Metadata.CurrentSnapshotId)
            Record(replaced is null ? "register" : snapshot.Operation ?? "commit", EngineOf(snapshot), [], [new LineageObject(LineageObject.Table, LineageObject.NameOf(Address, registered.Identifier), snapshot.SnapshotId)]);
    }

    private void Record(string operation, string engine, IReadOnlyList<LineageObject> inputs, IReadOnlyList<LineageObject> outputs) => Lineage?.Record(new LineageEvent
    {
        Time = Time.GetUtcNow(),
        Principal = session.Principal,
        Engine = engine,
        Operation = operation,
        Inputs = inputs,
        Outputs = outputs,
    });

    // Iceberg's libraries name the engine; Spark, Trino and Flink leave ids of their own; the others are known by the program that called.
    private string EngineOf(Snapshot? snapshot)
    {
        if (snapshot is not null && LineageEvent.EngineIn(snapshot.Summary) is { } named)
            return named;
        string? known = snapshot is null ? null
            : snapshot.Summary.ContainsKey("spark.app.id") ? "spark"
            : snapshot.Summary.ContainsKey("trino_query_id") ? "trino"
            : snapshot.Summary.ContainsKey("flink.job-id") ? "flink"
            : null;
        return known ?? (session.Client.Length > 0 ? session.Client : "unknown");
    }
}
