using Tarn.Iceberg.Catalogs;

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

/// <summary>Whether somebody may get at the files of a table, which doors ask before they help a client to reach them.</summary>
public interface IDataAccess
{
    /// <summary>
    /// What the caller may do to a table and to every other table that has files in the same folders: who names a folder for a table gets no further than
    /// before.
    /// </summary>
    /// <param name="name">The table; it need not exist yet.</param>
    /// <param name="folders">The folders that are to be reached, as <see cref="TableFolders"/> gives them; empty asks for the table alone.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<DataRights> FindRightsAsync(TableIdentifier name, IReadOnlyList<string> folders, CancellationToken cancellationToken = default);
}
