using Tarn.Core.Storage;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>What all commits of one store in one process share: queues, and files kept in memory.</summary>
internal sealed class CommitGround(IObjectStore store, TimeProvider time, Random random)
{
    /// <summary>Most files written at the same time: enough to keep a disk's queue busy.</summary>
    public const int ParallelWrites = 8;

    public IObjectStore Store => store;

    public TimeProvider Time => time;

    public TableQueues Queues { get; } = new();

    public MetadataFiles Metadata { get; } = new(store);

    public ManifestLists Lists { get; } = new(store);

    public AppendRebase Rebase => field ??= new AppendRebase(store, Lists);

    public RepeatedCommit Repeated => field ??= new RepeatedCommit(Lists);

    /// <summary>Most bytes of the names of folders that are kept: those of a hundred thousand tables.</summary>
    private const long FolderBytes = 32L << 20;

    /// <summary>Folders of tables by their metadata files.</summary>
    public WeighedCache<IReadOnlyList<string>> Folders { get; } = new(FolderBytes);

    public CommitBackoff NewBackoff() => new(time, random);
}
