using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Transfer;

/// <summary>The tables and views of a catalog.</summary>
/// <param name="catalog">The catalog.</param>
public sealed class CatalogSource(ICatalog catalog) : IRegistrationSource
{
    private const int PageEntries = 1000;

    /// <inheritdoc/>
    /// <exception cref="TarnException">NotFound when there is no such namespace; errors of the catalog beside those of single tables.</exception>
    public async IAsyncEnumerable<RegisteredName> ReadAsync(Namespace below, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var open = new Stack<Namespace>([below]);
        while (open.TryPop(out var level))
        {
            await foreach (var child in AllAsync(page => catalog.ListNamespacesAsync(level, page, cancellationToken)).ConfigureAwait(false))
                open.Push(child);
            if (level.IsRoot)
                continue;
            await foreach (var table in AllAsync(page => catalog.ListTablesAsync(level, page, cancellationToken)).ConfigureAwait(false))
                yield return await FindAsync(table, isView: false, cancellationToken).ConfigureAwait(false);
            await foreach (var view in AllAsync(page => catalog.ListViewsAsync(level, page, cancellationToken)).ConfigureAwait(false))
                yield return await FindAsync(view, isView: true, cancellationToken).ConfigureAwait(false);
            await foreach (var foreign in AllAsync(page => catalog.ListForeignTablesAsync(level, page, cancellationToken)).ConfigureAwait(false))
                yield return new RegisteredName(foreign, false, "") { IsForeign = true };
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableSortedDictionary<string, string>> PropertiesAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        // Where the other catalog puts new tables is its own matter.
        (await catalog.LoadNamespaceAsync(@namespace, cancellationToken).ConfigureAwait(false))?.Remove("location") ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private async ValueTask<RegisteredName> FindAsync(TableIdentifier name, bool isView, CancellationToken cancellationToken)
    {
        try
        {
            if (isView && await catalog.LoadViewAsync(name, cancellationToken).ConfigureAwait(false) is { } view)
                return new RegisteredName(name, isView, view.MetadataLocation) { View = view.Metadata };
            if (!isView && await catalog.LoadTableAsync(name, cancellationToken).ConfigureAwait(false) is { } table)
                return new RegisteredName(name, isView, table.MetadataLocation);
            return new RegisteredName(name, isView, "") { Problem = "It was dropped in the meantime." };
        }
        catch (TarnException error) when (error.IsOfOneThing || error.IsAnswer)
        {
            if (!error.IsOfOneThing && !await catalog.AnswersAsync(name.Namespace, cancellationToken).ConfigureAwait(false))
                throw;
            return new RegisteredName(name, isView, "") { Problem = error.Message };
        }
    }

    private static async IAsyncEnumerable<T> AllAsync<T>(Func<PageRequest, ValueTask<Page<T>>> list)
    {
        string? token = null;
        do
        {
            var page = await list(new PageRequest(token, PageEntries)).ConfigureAwait(false);
            foreach (var item in page.Items)
                yield return item;
            token = page.NextToken;
        }
        while (token is not null);
    }
}
