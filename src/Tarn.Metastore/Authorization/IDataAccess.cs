using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <summary>Whether somebody may get at the files of a table, which doors ask before they help a client to reach them.</summary>
public interface IDataAccess
{
    /// <summary>
    /// Whether the caller may do something to a table and to every other table that has files in the same folders: who names a folder for a table gets no
    /// further than before.
    /// </summary>
    /// <param name="action"><see cref="CatalogActions.ReadData"/> or <see cref="CatalogActions.WriteData"/>.</param>
    /// <param name="name">The table; it need not exist yet.</param>
    /// <param name="folders">The folders that are to be reached, as <see cref="TableFolders"/> gives them; empty asks for the table alone.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<bool> IsAllowedAsync(string action, TableIdentifier name, IReadOnlyList<string> folders, CancellationToken cancellationToken = default);
}
