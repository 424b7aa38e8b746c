using System.Runtime.CompilerServices;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Inspection;

namespace Tarn.Metastore.Authorization;

/// <content>Descriptions: whoever may get a schema, table or view finds it, and nobody else learns of it.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public IReadOnlyList<SystemFunction> SystemFunctions => GovernanceTables.FunctionsOf(this);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectDescription> DescribeAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var found in inner.DescribeAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await MaySeeAsync(found, cancellationToken).ConfigureAwait(false))
                yield return found;
        }
    }

    /// <summary>As <see cref="ICatalog.SearchAsync"/>; a decision is asked for what fits only.</summary>
    public async IAsyncEnumerable<SearchMatch> SearchAsync(SearchWords words, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var match in inner.SearchAsync(words, cancellationToken).ConfigureAwait(false))
        {
            if (await MaySeeAsync(match.Found, cancellationToken).ConfigureAwait(false))
                yield return match;
        }
    }

    private async ValueTask<bool> MaySeeAsync(ObjectDescription found, CancellationToken cancellationToken) => found.Kind switch
    {
        ObjectKind.Schema => (await DecideAsync(CatalogActions.GetNamespace, CatalogResource.Of(warehouse, found.Namespace), cancellationToken).ConfigureAwait(false)).IsAllowed,
        ObjectKind.Table => await IsAllowedAsync(CatalogActions.GetTable, found.Identifier, cancellationToken).ConfigureAwait(false),
        _ => await IsAllowedAsync(CatalogActions.GetView, found.Identifier, cancellationToken).ConfigureAwait(false),
    };
}
