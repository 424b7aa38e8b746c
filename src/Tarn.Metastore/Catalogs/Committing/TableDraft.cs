using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>A table on the way from one metadata file to the next: commits are applied one after another, each to what the one before left.</summary>
/// <param name="ground">What commits stand on.</param>
/// <param name="table">Its name.</param>
/// <param name="origin">The table as it is; null when there is none.</param>
/// <param name="former">Its former folders.</param>
internal sealed class TableDraft(CommitGround ground, TableIdentifier table, TableHandle? origin, IReadOnlyList<string> former)
{
    private readonly List<(string Location, byte[] Bytes)> _files = [];
    private readonly List<string> _superseded = [];
    private readonly IReadOnlyList<string> _formerBefore = former;
    private TableHandle? _written;

    public TableIdentifier Table => table;

    public TableHandle? Origin => origin;

    /// <summary>The metadata after the commits so far; null while there is no table.</summary>
    public TableMetadata? Metadata { get; private set; } = origin?.Metadata;

    public bool IsChanged => !ReferenceEquals(Metadata, origin?.Metadata);

    /// <summary>Whether the commits so far put its files into other folders than before, or the table is new.</summary>
    public bool IsPlaced => IsChanged && (origin is null || !TableFolders.Of(Metadata!).SequenceEqual(TableFolders.Of(origin.Metadata)));

    /// <summary>Folders that the table does not name any more and has files in, after the commits so far.</summary>
    public IReadOnlyList<string> FormerFolders { get; set; } = former;

    /// <summary>The change that moves the table to its new metadata file.</summary>
    public CatalogChange.PutTable ToChange() => new(table, Metadata!.TableUuid, Result.MetadataLocation) { FormerFolders = FormerFolders.SequenceEqual(_formerBefore) ? null : FormerFolders };

    /// <summary>Files of clients that nothing refers to once the draft is committed.</summary>
    public IReadOnlyList<string> Superseded => _superseded;

    /// <summary>The table after the commit.</summary>
    public TableHandle Result => _written ?? origin!;

    /// <summary>Whether there is a table, and a commit is one to it and not to another of the same name.</summary>
    public bool IsMeantBy(TableCommit commit) => Metadata is not null
        && !commit.Requirements.Any(r => r is TableRequirement.AssertCreate || (r is TableRequirement.AssertTableUuid of && of.Uuid != Metadata.TableUuid));

    /// <summary>Whether a commit stands in the table already, see <see cref="RepeatedCommit"/>.</summary>
    public async ValueTask<bool> HasAsync(TableCommit commit, CancellationToken cancellationToken) =>
        Metadata is { } present && await ground.Repeated.IsInAsync(present, commit, ground.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);

    /// <summary>Applies a commit that does not create the table. After an error the draft is as it was.</summary>
    /// <exception cref="CommitConflictException">A requirement does not hold, and the commit is no append that can be rebased.</exception>
    /// <exception cref="TarnException">NotFound when there is no table, InvalidRequest for updates that the table does not take.</exception>
    public async ValueTask ApplyAsync(TableCommit commit, CancellationToken cancellationToken)
    {
        var present = Metadata ?? throw Missing(table);
        RequireNewSnapshots(table, present, commit);
        if (await ground.Rebase.TryAsync(present, commit, cancellationToken).ConfigureAwait(false) is { } rebased)
        {
            Apply(rebased.Updates);
            _files.AddRange(rebased.Files);
            _superseded.AddRange(rebased.Superseded);
            return;
        }

        foreach (var requirement in commit.Requirements)
            requirement.Validate(present, table.ToString());
        Apply(commit.Updates);
    }

    /// <summary>The error for a commit to a table that is not there.</summary>
    public static TarnException Missing(TableIdentifier table) => TarnException.NotFound($"Table '{table}' does not exist; check its spelling (names are case-sensitive).");

    /// <summary>Applies a commit that creates the table.</summary>
    /// <exception cref="TarnException">AlreadyExists when there is one; InvalidRequest for updates that make no table.</exception>
    public void Create(TableCommit commit, IReadOnlyList<TableUpdate> updates)
    {
        if (Metadata is not null)
            throw TarnException.AlreadyExists($"Table '{table}' exists already.");
        foreach (var requirement in commit.Requirements)
            requirement.Validate(null, table.ToString());
        Apply(updates);
    }

    /// <summary>Takes back the last commit, which had no files of its own.</summary>
    /// <param name="before">The metadata before it.</param>
    public void Restore(TableMetadata? before) => Metadata = before;

    /// <summary>Writes all files of the draft, its metadata file last.</summary>
    /// <param name="written">Gets the location of each file before it is written.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask WriteAsync(List<string> written, CancellationToken cancellationToken)
    {
        written.AddRange(_files.Select(f => f.Location));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = CommitGround.ParallelWrites, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_files, parallel, async (file, token) =>
            await ground.Store.PutAsync(file.Location, file.Bytes, PutCondition.IfAbsent, token).ConfigureAwait(false)).ConfigureAwait(false);
        var (location, content) = await ground.Metadata.WriteTableAsync(Metadata!, origin?.MetadataLocation, written, cancellationToken).ConfigureAwait(false);
        _written = new TableHandle(table, location, Metadata!) { Content = content };
        ground.Folders.Of(Metadata!, location);
        if (origin is not null)
            _written = _written with { Annotations = origin.Annotations };
    }

    // The file before is named once, however many commits lie between it and the next.
    private void Apply(IReadOnlyList<TableUpdate> updates) =>
        Metadata = TableMetadataBuilder.Apply(Metadata, updates, ground.Time.GetUtcNow(), IsChanged ? null : origin?.MetadataLocation);

    // Ids are random numbers: the same one again is the same snapshot, made for another state of the table. As a conflict its client looks again;
    // any other refusal would make it delete the files of a snapshot that stands.
    internal static void RequireNewSnapshots(TableIdentifier table, TableMetadata present, TableCommit commit)
    {
        foreach (var update in commit.Updates.OfType<TableUpdate.AddSnapshot>())
        {
            if (present.FindSnapshot(update.Snapshot.SnapshotId) is not null)
                throw new CommitConflictException($"Table '{table}' has a snapshot {update.Snapshot.SnapshotId} already, and this commit is not the one that made it. Load the table again; keep all files.");
        }
    }
}
