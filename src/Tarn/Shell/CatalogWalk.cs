using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Shell;

/// <summary>Lists a whole catalog. What one namespace is refused for need not hold for the others.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="unreadable">Told of each namespace that cannot be listed, and is left out; null where all are needed, so that the first one ends the walk.</param>
internal sealed class CatalogWalk(ICatalog catalog, Action<TarnException>? unreadable = null)
{
    /// <summary>All namespaces, parents before their children.</summary>
    public async IAsyncEnumerable<Namespace> NamespacesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = new Stack<Namespace>((await catalog.ListNamespacesAsync(Namespace.Root, cancellationToken: cancellationToken)).Items.Reverse());
        while (open.TryPop(out var name))
        {
            if (await ReadAsync(name, async () => (await catalog.ListNamespacesAsync(name, cancellationToken: cancellationToken)).Items) is not { } children)
                continue;
            foreach (var child in children.Reverse())
                open.Push(child);
            yield return name;
        }
    }

    /// <summary>What is directly in a namespace; null when it cannot be listed.</summary>
    public ValueTask<NamespaceContent?> ContentAsync(Namespace name, CancellationToken cancellationToken) => ReadAsync(name, async () => new NamespaceContent(
        name,
        (await catalog.ListTablesAsync(name, cancellationToken: cancellationToken)).Items,
        (await catalog.ListViewsAsync(name, cancellationToken: cancellationToken)).Items,
        (await catalog.ListForeignTablesAsync(name, cancellationToken: cancellationToken)).Items));

    private async ValueTask<T?> ReadAsync<T>(Namespace name, Func<ValueTask<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (TarnException error) when (unreadable is not null && error.IsOfOneThing)
        {
            unreadable(new TarnException(error.Kind, $"Schema {SqlPrinter.Schema(name)} cannot be listed: {error.Message}", error));
            return null;
        }
    }
}
