using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions.Snapshots;

namespace Tarn.Iceberg.Transactions;

/// <summary>
/// A change of a table's rows: makes a snapshot on a branch. Manifests are written once and used again when the commit is retried;
/// only the manifest list is written anew.
/// </summary>
public abstract class SnapshotUpdate : PendingUpdate
{
    private readonly SortedDictionary<string, string> properties = new(StringComparer.Ordinal);
    private HashSet<string> kept = [];

    private protected SnapshotUpdate()
    {
    }

    /// <summary>Id of the snapshot that was made; null before the first attempt, and when nothing had to be changed.</summary>
    public long? SnapshotId { get; private set; }

    /// <summary>The branch that gets the snapshot; created when there is none.</summary>
    public string Branch { get; private set; } = Snapshot.MainBranch;

    /// <summary>What the snapshot's summary calls it.</summary>
    private protected abstract string Operation { get; }

    /// <summary>Manifests written and read by this update.</summary>
    private protected ManifestFiles Files { get; private set; } = null!;

    /// <summary>Adds a property to the snapshot's summary.</summary>
    public void SetSummary(string key, string value) => properties[key] = value;

    /// <summary>Chooses the branch; the default is <c>main</c>.</summary>
    private protected void SetBranch(string branch) => Branch = branch;

    /// <summary>All manifests of the new snapshot, own ones first; null when there is nothing to change.</summary>
    private protected abstract ValueTask<IReadOnlyList<ManifestFile>?> ManifestsAsync(SnapshotAttempt attempt, CancellationToken cancellationToken);

    internal sealed override async ValueTask<IReadOnlyList<TableUpdate>> ApplyAsync(TableMetadata current, TransactionContext context, CancellationToken cancellationToken)
    {
        Files ??= new ManifestFiles(context);
        current.Refs.TryGetValue(Branch, out var reference);
        if (reference?.Type == SnapshotRefType.Tag)
            throw TarnException.Invalid($"'{Branch}' is a tag and cannot be written to. Write to a branch.");
        // A new branch starts where the table is.
        var parent = reference is null ? current.CurrentSnapshot : current.FindSnapshot(reference.SnapshotId);
        long id = SnapshotId is { } known && current.FindSnapshot(known) is null ? known : context.NewSnapshotId(current);
        var attempt = new SnapshotAttempt(current, parent, id, await Files.ListAsync(parent, cancellationToken));
        if (await ManifestsAsync(attempt, cancellationToken) is not { } manifests)
        {
            SnapshotId = null;
            return [];
        }

        SnapshotId = id;
        var snapshot = await SnapshotAsync(attempt, manifests, context, cancellationToken);
        return
        [
            new TableUpdate.AddSnapshot(snapshot),
            new TableUpdate.SetSnapshotRef(Branch, reference is null ? new SnapshotRef(id, SnapshotRefType.Branch) : reference with { SnapshotId = id }),
        ];
    }

    internal sealed override ValueTask CommittedAsync(TransactionContext context) =>
        Files is null ? ValueTask.CompletedTask : Files.RemoveAsync(SnapshotId is null ? new HashSet<string>() : kept);

    internal sealed override ValueTask AbandonedAsync(TransactionContext context) =>
        Files is null ? ValueTask.CompletedTask : Files.RemoveAsync(new HashSet<string>());

    private async ValueTask<Snapshot> SnapshotAsync(SnapshotAttempt attempt, IReadOnlyList<ManifestFile> manifests, TransactionContext context, CancellationToken cancellationToken)
    {
        var table = attempt.Table;
        List<ManifestFile> counted = [];
        foreach (var manifest in manifests)
            counted.Add(await Files.WithCountsAsync(table, manifest, cancellationToken));
        long sequenceNumber = table.FormatVersion == 1 ? 0 : table.LastSequenceNumber + 1;
        long? firstRowId = table.FormatVersion >= 3 ? table.NextRowId : null;
        var list = ManifestListWriter.Write(table.FormatVersion, attempt.SnapshotId, attempt.Parent?.SnapshotId, sequenceNumber, firstRowId, counted);
        string location = await Files.StoreListAsync(table, attempt.SnapshotId, list.Bytes, cancellationToken);
        kept = [location, .. manifests.Select(m => m.ManifestPath)];
        int created = manifests.Count(Files.IsOwn);
        attempt.Summary.Manifests(created, manifests.Count - created, attempt.ReplacedManifests);
        return new Snapshot
        {
            SnapshotId = attempt.SnapshotId,
            ParentSnapshotId = attempt.Parent?.SnapshotId,
            SequenceNumber = sequenceNumber,
            // Never before what it follows, whatever the clock says.
            TimestampMs = Math.Max(context.Time.GetUtcNow().ToUnixTimeMilliseconds(), table.LastUpdatedMs),
            ManifestList = location,
            Summary = attempt.Summary.Build(Operation, attempt.Parent?.Summary, [.. Engine(context), .. properties]),
            SchemaId = table.CurrentSchemaId,
            FirstRowId = firstRowId,
            AddedRows = list.NextRowId - firstRowId,
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Engine(TransactionContext context)
    {
        if (context.Engine.Name.Length > 0)
            yield return KeyValuePair.Create("engine-name", context.Engine.Name);
        if (context.Engine.Version.Length > 0)
            yield return KeyValuePair.Create("engine-version", context.Engine.Version);
    }
}
