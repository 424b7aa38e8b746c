using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>An append on its new parent: the updates to apply instead of the client's, and the files that they need.</summary>
internal sealed class RebasedAppend(TableCommit commit)
{
    private readonly Dictionary<long, Snapshot> _rebased = [];
    private readonly List<(string Location, byte[] Bytes)> _files = [];
    private readonly List<string> _superseded = [];
    private bool _isThere;

    /// <summary>An append whose files are in its branch already.</summary>
    public static RebasedAppend IsThere(TableCommit commit) => new(commit) { _isThere = true };

    /// <summary>The client's updates with the snapshots as they are now; none when there is nothing left to do.</summary>
    public IReadOnlyList<TableUpdate> Updates => _isThere ? [] :
        [.. commit.Updates.Select(u => u is TableUpdate.AddSnapshot add ? new TableUpdate.AddSnapshot(_rebased[add.Snapshot.SnapshotId]) : u)];

    /// <summary>Files to write before the commit.</summary>
    public IReadOnlyList<(string Location, byte[] Bytes)> Files => _files;

    /// <summary>Files of the client that nothing refers to once the commit stands.</summary>
    public IReadOnlyList<string> Superseded => _superseded;

    public void Add(Snapshot snapshot, Snapshot rebased, string list, byte[] bytes)
    {
        _rebased[snapshot.SnapshotId] = rebased;
        _files.Add((list, bytes));
        _superseded.Add(snapshot.ManifestList!);
    }

    public void AddManifest(string replaced, string location, byte[] bytes)
    {
        _files.Add((location, bytes));
        _superseded.Add(replaced);
    }
}
