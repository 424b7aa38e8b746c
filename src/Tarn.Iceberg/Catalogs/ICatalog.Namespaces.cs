namespace Tarn.Iceberg.Catalogs;

/// <content>Namespaces with what is in them.</content>
public partial interface ICatalog
{
    /// <summary>
    /// Drops a namespace with everything inside. Files stay. Tarn's own catalogs drop all at once, or nothing when one thing inside is refused, for instance because it
    /// is protected; a catalog elsewhere that has no such call is asked for one thing after the other.
    /// </summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="allow">Is shown what would be dropped before anything is, in the order of <see cref="NamespaceContent.FindAsync"/>, and again when that was another meanwhile: what it throws refuses the whole. Null allows all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    async ValueTask DropNamespaceWithContentAsync(Namespace @namespace, Func<IReadOnlyList<NamespaceContent>, ValueTask>? allow = null, CancellationToken cancellationToken = default)
    {
        var all = await NamespaceContent.FindAsync(this, @namespace, cancellationToken).ConfigureAwait(false);
        if (allow is not null)
            await allow(all).ConfigureAwait(false);
        foreach (var content in all)
        {
            foreach (var table in content.Tables)
                await DropTableAsync(table, purge: false, cancellationToken).ConfigureAwait(false);
            foreach (var view in content.Views)
                await DropViewAsync(view, cancellationToken).ConfigureAwait(false);
            foreach (var table in content.ForeignTables)
                await DropForeignTableAsync(table, cancellationToken).ConfigureAwait(false);
            await DropNamespaceAsync(content.Namespace, cancellationToken).ConfigureAwait(false);
        }
    }
}
