using Tarn.Core.Caching;
using Tarn.Core.Storage;
using Tarn.Core.Tasks;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;

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

    /// <summary>Where the files of manifest lists lie.</summary>
    public ReachedPrefixes Reached => field ??= new ReachedPrefixes(store, PlaceOf);

    /// <summary>Where the files of whole tables lie.</summary>
    public ReachedPlaces ReachedPlaces => field ??= new ReachedPlaces(store, Metadata, PlaceOf, time);

    /// <summary>Whether whole tables lead to a file.</summary>
    public ReachedFiles ReachedFiles => field ??= new ReachedFiles(store, Metadata, PlaceOf, time);

    public AppendRebase Rebase => field ??= new AppendRebase(store, Lists);

    public AddedDeletes Deletes => field ??= new AddedDeletes(store, Lists);

    public RepeatedCommit Repeated => field ??= new RepeatedCommit(Lists);

    public AppliedElsewhere Elsewhere => field ??= new AppliedElsewhere(Metadata);

    /// <summary>Folders of tables and views.</summary>
    public KnownFolders Folders => field ??= new KnownFolders(Metadata, PlaceOfFolder, time);

    // Far more than a store has namespaces, whose folders are compared for each place that is checked.
    private const int MaxPlaces = 16_384;

    private readonly ForgetfulCache<string, string> _places = new(MaxPlaces);

    /// <summary><see cref="PlaceOf"/>, kept for folders that are asked for again and again.</summary>
    public string PlaceOfFolder(string location) => _places.GetOrAdd(location, PlaceOf);

    /// <summary>One text for one place, as <see cref="TableFolders.Normalize"/> gives it for one location: places are compared, whatever they are called.</summary>
    public string PlaceOf(string location) => TableFolders.Normalize(store.PlaceOf(location));

    /// <summary>Most files read at the same time to describe tables.</summary>
    public const int ParallelReads = 8;

    /// <summary>Most bytes of descriptions that are kept: those of some fifty thousand tables.</summary>
    private const long FactsBytes = 128L << 20;

    /// <summary>What people are told about tables and views, by their metadata files.</summary>
    public WeighedCache<string, ObjectFacts> Facts { get; } = new(FactsBytes);

    /// <summary>Changes of one name that lost their race are made again.</summary>
    public ContendedChanges Changes { get; } = new(time, random);

    public CommitBackoff NewBackoff() => new(time, random);
}
