using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Authorization;

/// <summary>What somebody may do to the files of a table.</summary>
[Flags]
public enum DataRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><see cref="CatalogActions.ReadData"/>.</summary>
    Read = 1,

    /// <summary><see cref="CatalogActions.WriteData"/>.</summary>
    Write = 2,
}

/// <summary>What somebody may do to files.</summary>
/// <param name="Rights">What.</param>
/// <param name="Folders">In which folders, as <see cref="TableFolders"/> gives them; those that no client may reach are left out.</param>
public sealed record FileRights(DataRights Rights, IReadOnlyList<string> Folders)
{
    /// <summary>What the caller may do to the rows of the table itself.</summary>
    public DataRights OnTable { get; init; }

    /// <summary>
    /// Whether writing is also overwriting and removing what is there. On a branch a table has the files of the one that it came from: who may not write
    /// that one adds files, and takes none away.
    /// </summary>
    public bool CanReplace { get; init; }

    /// <summary>Why it is less than the caller has on the table itself, in sentences for the caller, with the way out; null when it is not, or nothing more can be said.</summary>
    public string? Limit { get; init; }
}

/// <summary>Whether somebody may get at the files of a table, which doors ask before they help a client to reach them.</summary>
public interface IDataAccess
{
    /// <summary>Checks that a table may be made where its metadata says, as the commit that makes it does: for clients that get at its folder before.</summary>
    /// <param name="name">The table, which is not there yet.</param>
    /// <param name="metadata">The metadata that it would begin with.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Core.Errors.TarnException">PermissionDenied or Unauthenticated; InvalidRequest for a place that nobody may have.</exception>
    ValueTask RequireCreationAsync(TableIdentifier name, TableMetadata metadata, CancellationToken cancellationToken = default);

    /// <summary>Whether a table or view has a name, which who may create a table of that name learns anyhow; all others need the right to load it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Core.Errors.TarnException">PermissionDenied or Unauthenticated.</exception>
    ValueTask<bool> IsTakenAsync(TableIdentifier name, CancellationToken cancellationToken = default);

    /// <summary>What the caller may do to the rows of a table.</summary>
    /// <param name="name">The table; it need not exist.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<DataRights> FindRightsAsync(TableIdentifier name, CancellationToken cancellationToken = default);

    /// <summary>Says that a right on a table is missing to the caller, by action and resource, and how it is given.</summary>
    /// <param name="name">The table.</param>
    /// <param name="wanted">One right.</param>
    string DescribeMissing(TableIdentifier name, DataRights wanted);

    /// <summary>
    /// What the caller may do to the files of a table: what is allowed on it, and on every other table of the store that has files in the same folders, also on
    /// dropped ones that can still be brought back. Who names a folder for a table gets no further than before.
    /// </summary>
    /// <param name="name">The table; it need not exist yet.</param>
    /// <param name="folders">Its folders, as <see cref="TableFolders"/> gives them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<FileRights> FindFileRightsAsync(TableIdentifier name, IReadOnlyList<string> folders, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same for all folders of a table: those that its metadata names, and those that it had before and has files in still, as far as nobody else's files in
    /// one of these make it less than the others are open.
    /// </summary>
    /// <param name="name">The table; it need not exist yet.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<FileRights> FindFileRightsAsync(TableIdentifier name, TableMetadata metadata, CancellationToken cancellationToken = default);

    /// <summary>
    /// Checks that files which a table leads to, and which the server is about to read for the caller, are its own or nobody's, or of tables that the caller may
    /// read too, and lie where tables may lie. Whoever writes to a table can make it lead anywhere.
    /// </summary>
    /// <param name="name">The table.</param>
    /// <param name="metadata">Its metadata, which names its folders.</param>
    /// <param name="files">Locations of the files.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Core.Errors.TarnException">PermissionDenied.</exception>
    ValueTask RequireReadableAsync(TableIdentifier name, TableMetadata metadata, IEnumerable<string> files, CancellationToken cancellationToken = default);

    /// <summary>
    /// Why a file in a folder of a table may be neither deleted nor replaced by who works for that table alone: other branches or names may need it, or what can be brought back. Clients expire snapshots,
    /// remove orphans and delete what falls out of their table's metadata log, and know nothing of these.
    /// </summary>
    /// <param name="name">The table; it need not exist.</param>
    /// <param name="folders">Its folders, the location first.</param>
    /// <param name="file">The file, which need not exist either.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The reason, a sentence for the caller; null when nothing needs the file.</returns>
    ValueTask<string?> FindNeedAsync(TableIdentifier name, IReadOnlyList<string> folders, string file, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes notice that a file was to be deleted for which <see cref="FindNeedAsync"/> found a need. Who deletes the files of a table that he has just dropped, and may purge it, has it purged: so does Spark's
    /// <c>DROP TABLE … PURGE</c>, and its files go when it cannot be brought back any more.
    /// </summary>
    /// <param name="name">The table.</param>
    /// <param name="folders">Its folders, the location first.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask NoteRemovalAsync(TableIdentifier name, IReadOnlyList<string> folders, string file, CancellationToken cancellationToken = default);

    /// <summary>Records in the audit trail that a client wanted something of the files of a table, or by them, that its rights do not cover.</summary>
    /// <param name="name">The table that the client named.</param>
    /// <param name="wanted">What it wanted; <see cref="DataRights.Write"/> when that is among it.</param>
    /// <param name="reason">Why it was refused.</param>
    void RecordRefusal(TableIdentifier name, DataRights wanted, string reason);
}
