namespace Tarn.Iceberg.Catalogs;

/// <summary>A namespace and what is directly inside, by name.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Tables">Its tables.</param>
/// <param name="Views">Its views.</param>
/// <param name="ForeignTables">Its tables of other formats.</param>
public sealed record NamespaceContent(Namespace Namespace, IReadOnlyList<TableIdentifier> Tables, IReadOnlyList<TableIdentifier> Views, IReadOnlyList<TableIdentifier> ForeignTables)
{
    /// <summary>Whether it is the same namespace with the same names inside.</summary>
    /// <param name="other">Another one.</param>
    public bool IsSame(NamespaceContent other) =>
        Namespace == other.Namespace && Tables.SequenceEqual(other.Tables) && Views.SequenceEqual(other.Views) && ForeignTables.SequenceEqual(other.ForeignTables);

    /// <summary>A namespace with all below it, as lists of a catalog show them: each before the one that it is in, so that they can be dropped in this order.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="name">The namespace, which comes last.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Core.Errors.TarnException">NotFound when there is no such namespace.</exception>
    public static async ValueTask<IReadOnlyList<NamespaceContent>> FindAsync(ICatalog catalog, Namespace name, CancellationToken cancellationToken = default)
    {
        var all = new List<NamespaceContent>();
        foreach (var child in (await catalog.ListNamespacesAsync(name, default, cancellationToken).ConfigureAwait(false)).Items)
            all.AddRange(await FindAsync(catalog, child, cancellationToken).ConfigureAwait(false));
        all.Add(new NamespaceContent(
            name,
            (await catalog.ListTablesAsync(name, default, cancellationToken).ConfigureAwait(false)).Items,
            (await catalog.ListViewsAsync(name, default, cancellationToken).ConfigureAwait(false)).Items,
            (await catalog.ListForeignTablesAsync(name, default, cancellationToken).ConfigureAwait(false)).Items));
        return all;
    }
}
