namespace Tarn.Iceberg.Catalogs;

/// <content>Tables by where their files lie.</content>
public partial interface ICatalog
{
    /// <summary>The tables that have files in any of some folders, or a folder above them. More than one table of a folder share files, which nobody should want.</summary>
    /// <param name="folders">As <see cref="TableFolders"/> gives them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    async ValueTask<IReadOnlyList<TableIdentifier>> FindTablesAtAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken = default)
    {
        List<TableIdentifier> found = [];
        var waiting = new Stack<Namespace>((await ListNamespacesAsync(Namespace.Root, default, cancellationToken).ConfigureAwait(false)).Items);
        while (waiting.TryPop(out var name))
        {
            foreach (var child in (await ListNamespacesAsync(name, default, cancellationToken).ConfigureAwait(false)).Items)
                waiting.Push(child);
            foreach (var table in (await ListTablesAsync(name, default, cancellationToken).ConfigureAwait(false)).Items)
            {
                if (await LoadTableAsync(table, cancellationToken).ConfigureAwait(false) is { } handle && TableFolders.Of(handle.Metadata).Any(own => folders.Any(f => TableFolders.Overlap(own, f))))
                    found.Add(table);
            }
        }

        return found;
    }
}
