using System.Runtime.CompilerServices;
using Tarn.Core.Caching;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// The folders of tables and views. Metadata files never change, so the folders that one names are known for good, and those of a namespace as long as
/// nothing in it changes. Of a table that cannot be read only a guess can be had, which holds for a while: files come back from backups, and permissions are given.
/// </summary>
/// <param name="files">Reads metadata files.</param>
/// <param name="placeOf">One text for one place.</param>
/// <param name="time">The clock.</param>
internal sealed partial class KnownFolders(MetadataFiles files, Func<string, string> placeOf, TimeProvider time)
{
    /// <summary>The property that says where a table of another format, or a partition of one, lies.</summary>
    public const string ForeignLocation = "sd.location";

    /// <summary>Most bytes of the names of folders that are kept: those of a hundred thousand tables.</summary>
    private const long CapacityBytes = 32L << 20;

    private const string MetadataFolder = "/metadata";

    /// <summary>How long a table counts as unreadable without another look.</summary>
    public static readonly TimeSpan UnreadableFor = TimeSpan.FromMinutes(1);

    private readonly WeighedCache<string, Kept<string>> _ofFiles = new(CapacityBytes);
    private readonly ConditionalWeakTable<NamespaceEntry, Kept<HeldFolders>> _ofNamespaces = [];

    private readonly Lock _gate = new();
    private DateTimeOffset _nextLook = DateTimeOffset.MaxValue;
    private object _guesses = new();

    /// <summary>Another object as soon as the time of something is over that was guessed: what was concluded before may be wrong by now.</summary>
    public object Guesses
    {
        get
        {
            lock (_gate)
            {
                if (time.GetUtcNow() >= _nextLook)
                    (_nextLook, _guesses) = (DateTimeOffset.MaxValue, new object());
                return _guesses;
            }
        }
    }

    /// <summary>What is in a namespace, with its folders.</summary>
    public async ValueTask<IReadOnlyList<HeldFolders>> OfAsync(NamespaceEntry entry, CancellationToken cancellationToken)
    {
        if (_ofNamespaces.TryGetValue(entry, out var known) && IsGood(known))
            return known.All;
        await LearnAsync([entry], cancellationToken).ConfigureAwait(false);
        _ofNamespaces.TryGetValue(entry, out known);
        return known!.All;
    }

    /// <summary>Finds out about many namespaces: their tables are read at once, in however many they are.</summary>
    public async ValueTask LearnAsync(IEnumerable<NamespaceEntry> entries, CancellationToken cancellationToken)
    {
        // 1. Tables, whose files may have to be read.
        var unknown = entries.Where(e => !_ofNamespaces.TryGetValue(e, out var known) || !IsGood(known)).Select(e => (Entry: e, OfTables: new Kept<HeldFolders>[e.Tables.Count])).ToList();
        var tables = unknown.SelectMany(u => u.Entry.Tables.Select((table, i) => (table.Key, table.Value, u.OfTables, i))).ToList();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = CommitGround.ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, tables.Count, parallel, async (next, token) =>
        {
            var (name, table, ofTables, i) = tables[next];
            var known = await KnownAsync(table.MetadataLocation, token).ConfigureAwait(false);
            ofTables[i] = new([Held(name, table, known.All)], known.Until);
        }).ConfigureAwait(false);

        // 2. All else.
        foreach (var (entry, ofTables) in unknown)
        {
            IReadOnlyList<HeldFolders> all =
            [
                .. ofTables.SelectMany(t => t.All),
                .. entry.Views.Select(v => new HeldFolders(v.Key, v.Value.Uuid.ToString(), OfView(v.Value.MetadataLocation), IsView: true)),
                .. entry.ForeignTables.Select(t => new HeldFolders(t.Key, $"foreign {t.Key}", OfForeign(t.Value), IsForeign: true)),
            ];
            _ofNamespaces.AddOrUpdate(entry, new(all, ofTables.Select(t => t.Until).Append(DateTimeOffset.MaxValue).Min()));
        }
    }

    private HeldFolders Held(string name, TableEntry table, IReadOnlyList<string> folders) => new(name, table.Identity, With(folders, table.FormerFolders));

    /// <summary>The folders of a table, its location first, that of its metadata file among them.</summary>
    public async ValueTask<IReadOnlyList<string>> OfTableAsync(string metadataLocation, CancellationToken cancellationToken) =>
        (await KnownAsync(metadataLocation, cancellationToken).ConfigureAwait(false)).All;

    /// <summary>The same with former folders among them.</summary>
    public async ValueTask<IReadOnlyList<string>> OfTableAsync(string metadataLocation, IReadOnlyList<string> former, CancellationToken cancellationToken) =>
        With(await OfTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false), former);

    // The last one stays that of the metadata file, which is the only one of a table that cannot be read.
    private IReadOnlyList<string> With(IReadOnlyList<string> folders, IReadOnlyList<string> former) =>
        former.Count == 0 ? folders : [folders[0], .. former.Select(placeOf), .. folders.Skip(folders.Count == 1 ? 0 : 1)];

    /// <summary>The same of metadata that is at hand.</summary>
    public IReadOnlyList<string> Of(TableMetadata metadata, string metadataLocation)
    {
        IReadOnlyList<string> folders = [.. TableFolders.Of(metadata).Select(placeOf), FolderOf(metadataLocation)];
        Keep(metadataLocation, new(folders, DateTimeOffset.MaxValue));
        return folders;
    }

    /// <summary>Whether two metadata files certainly name the same folders, as far as is known without reading.</summary>
    public bool AreSame(string metadataLocation, string other) =>
        metadataLocation == other || (_ofFiles.Find(metadataLocation) is { IsGuess: false } known && _ofFiles.Find(other) is { IsGuess: false } others && known.All.SequenceEqual(others.All));

    /// <summary>The folders of a view: it has no other files than those of its metadata.</summary>
    public IReadOnlyList<string> OfView(string metadataLocation) => [AboveMetadata(metadataLocation)];

    // Partitions may lie anywhere.
    private List<string> OfForeign(ForeignEntry table) =>
        [.. table.Partitions.Values.Prepend(table.Properties)
            .Select(p => p.GetValueOrDefault(ForeignLocation)).OfType<string>().Where(l => l.Length > 0).Select(placeOf).Distinct(StringComparer.Ordinal)];

    private async ValueTask<Kept<string>> KnownAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        if (_ofFiles.Find(metadataLocation) is { } known && IsGood(known))
            return known;
        try
        {
            return new(Of((await files.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false)).Metadata, metadataLocation), DateTimeOffset.MaxValue);
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            // A table that cannot be loaded still has its files, which lie where its metadata does.
            var guess = new Kept<string>([AboveMetadata(metadataLocation)], time.GetUtcNow() + UnreadableFor);
            Keep(metadataLocation, guess);
            LookAgain(guess.Until);
            return guess;
        }
    }

    private void Keep(string metadataLocation, Kept<string> folders) => _ofFiles.Replace(metadataLocation, folders, metadataLocation.Length + folders.All.Sum(f => f.Length));

    private bool IsGood<T>(Kept<T> kept)
    {
        if (kept.IsGuess && time.GetUtcNow() >= kept.Until)
            return false;
        LookAgain(kept.Until);
        return true;
    }

    // Whoever goes by a guess says so: the conclusion holds no longer than that.
    private void LookAgain(DateTimeOffset at)
    {
        if (at == DateTimeOffset.MaxValue)
            return;
        lock (_gate)
        {
            if (at < _nextLook)
                _nextLook = at;
        }
    }

    /// <summary>Where a table seems to lie by the place of its metadata file: that is mostly in the folder <c>metadata</c> of its location.</summary>
    private string AboveMetadata(string metadataLocation)
    {
        string folder = FolderOf(metadataLocation);
        return folder.EndsWith(MetadataFolder, StringComparison.Ordinal) ? folder[..^MetadataFolder.Length] : folder;
    }

    private string FolderOf(string metadataLocation) => placeOf(TableFolders.FolderOf(metadataLocation));

    private sealed record Kept<T>(IReadOnlyList<T> All, DateTimeOffset Until)
    {
        public bool IsGuess => Until != DateTimeOffset.MaxValue;
    }
}

/// <summary>A table or view and its folders.</summary>
/// <param name="Name">Name in its namespace.</param>
/// <param name="Identity">The same on every branch, and under every name: the uuid where there is one.</param>
/// <param name="Folders">The places of its folders, that of its location first.</param>
/// <param name="IsForeign">Whether it is a table of another format.</param>
/// <param name="IsView">Whether it is a view.</param>
internal sealed record HeldFolders(string Name, string Identity, IReadOnlyList<string> Folders, bool IsForeign = false, bool IsView = false)
{
    /// <summary>The folders that are its own with all that comes to lie in them; its metadata file, whose folder is the last of a table, may lie in one of many.</summary>
    public IReadOnlyList<string> Roofs { get; } = IsForeign || IsView || Folders.Count == 1 ? Folders : [.. Folders.SkipLast(1)];
}
