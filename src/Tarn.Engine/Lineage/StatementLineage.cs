using Tarn.Engine.Planning;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Lineage;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Lineage;

/// <summary>What one statement reads and writes, collected while it runs, and recorded once when it ends. What touches no table is not recorded.</summary>
/// <param name="log">Takes the event.</param>
/// <param name="time">The clock.</param>
/// <param name="principal">Whose statement it is.</param>
/// <param name="operation">What it is, e.g. <c>INSERT</c>.</param>
/// <param name="text">The statement; null for what is none.</param>
internal sealed class StatementLineage(ILineageLog log, TimeProvider time, string principal, string operation, SqlText? text)
{
    private const string EngineName = "tarn";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LineageObject> _inputs = new(StringComparer.Ordinal), _outputs = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _begun = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private bool _isRecorded;

    /// <summary>Tables and views of a query that is going to run.</summary>
    public void Read(BoundQuery query)
    {
        foreach (var scan in query.Scans.Where(s => s.IsData))
        {
            var table = scan.Table;
            Add(_inputs, table.Catalog is { } catalog
                ? new LineageObject(LineageObject.Table, LineageObject.NameOf(catalog.Address, table.Handle.Identifier), scan.Scan.Snapshot?.SnapshotId)
                : new LineageObject(LineageObject.File, table.Handle.MetadataLocation, scan.Scan.Snapshot?.SnapshotId));
        }

        foreach (var view in query.Views)
            Add(_inputs, new LineageObject(LineageObject.View, LineageObject.NameOf(view.Catalog.Address, view.Handle.Identifier)));
    }

    /// <summary>A file that is read.</summary>
    /// <param name="path">Its path or URL; what follows a question mark may be a signature, and is left out.</param>
    public void ReadFile(string path) => Add(_inputs, new LineageObject(LineageObject.File, path.Contains("://", StringComparison.Ordinal) ? path.Split('?', 2)[0] : File.Exists(path) ? Path.GetFullPath(path) : path));

    /// <summary>Tables that a commit made or gave a snapshot.</summary>
    public void Wrote(ICatalog catalog, IReadOnlyList<CommitOutcome> tables)
    {
        foreach (var table in tables.Where(t => t.IsNew || t.SnapshotId is not null))
            Add(_outputs, new LineageObject(LineageObject.Table, LineageObject.NameOf(catalog.Address, table.Identifier), table.SnapshotId));
    }

    /// <summary>A view that was made.</summary>
    public void WroteView(ICatalog catalog, TableIdentifier name) => Add(_outputs, new LineageObject(LineageObject.View, LineageObject.NameOf(catalog.Address, name)));

    /// <summary>Records the statement, the first time.</summary>
    /// <param name="error">Why it failed; null when it did not.</param>
    /// <param name="isComplete">Whether all that it answers was taken.</param>
    public void End(Exception? error, bool isComplete = true)
    {
        lock (_gate)
        {
            if (_isRecorded || _inputs.Count + _outputs.Count == 0)
                return;
            _isRecorded = true;
        }

        var (shown, hash) = text is { } statement ? StatementShape.Of(ConstantFreeText.Of(statement)) : default((string?, string?));
        log.Record(new LineageEvent
        {
            Time = _begun,
            Principal = principal,
            Engine = EngineName,
            Operation = operation,
            Status = error is OperationCanceledException || (error is null && !isComplete) ? LineageStatus.Cancelled
                : error is null ? LineageStatus.Succeeded : LineageStatus.Failed,
            Duration = time.GetElapsedTime(_started),
            Statement = shown,
            StatementHash = hash,
            Inputs = [.. _inputs.Values],
            Outputs = error is null ? [.. _outputs.Values] : [],
        });
    }

    private void Add(Dictionary<string, LineageObject> objects, LineageObject found)
    {
        lock (_gate)
            objects[found.Name] = found;
    }
}
