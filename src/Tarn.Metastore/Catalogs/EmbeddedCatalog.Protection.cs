using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

public sealed partial class EmbeddedCatalog
{
    /// <summary>Refuses or allows again that a table, a view, or a namespace with everything inside is dropped.</summary>
    /// <param name="name">Levels of the namespace, and the name of the table or view where one is meant.</param>
    /// <param name="isProtected">Whether it is refused.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">NotFound when nothing has the name.</exception>
    public async ValueTask ProtectAsync(IReadOnlyList<string> name, bool isProtected, CancellationToken cancellationToken = default)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var (@namespace, inside) = (new Namespace(name), name.Count > 1 ? TableIdentifier.Of([.. name]) : null);
        CatalogChange change =
            inside is not null && state.FindTable(inside) is not null ? new CatalogChange.ProtectTable(inside, isProtected)
            : inside is not null && state.FindView(inside) is not null ? new CatalogChange.ProtectView(inside, isProtected)
            : state.FindNamespace(@namespace) is not null ? new CatalogChange.ProtectNamespace(@namespace, isProtected)
            : throw TarnException.NotFound($"There is no namespace, table or view '{@namespace}' in '{At}'; check its spelling (names are case-sensitive).");
        await AppendAsync([], [change], cancellationToken).ConfigureAwait(false);
    }
}
