using System.Runtime.CompilerServices;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Shell;

/// <summary>Lists a whole catalog.</summary>
internal static class CatalogWalk
{
    /// <summary>All namespaces, parents before their children.</summary>
    public static async IAsyncEnumerable<Namespace> NamespacesAsync(ICatalog catalog, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = new Stack<Namespace>([Namespace.Root]);
        while (open.TryPop(out var parent))
        {
            var children = await catalog.ListNamespacesAsync(parent, cancellationToken: cancellationToken);
            foreach (var child in children.Items.Reverse())
                open.Push(child);
            if (!parent.IsRoot)
                yield return parent;
        }
    }
}
