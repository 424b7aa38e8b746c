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

    /// <summary>As <see cref="ICatalog.DescribeAsync"/>, without what the caller may not see. One audit event tells of it all.</summary>
    public IAsyncEnumerable<ObjectDescription> DescribeAsync(CancellationToken cancellationToken = default) =>
        VisibleAsync(inner.DescribeAsync(cancellationToken), found => found, cancellationToken);

    /// <summary>As <see cref="ICatalog.SearchAsync"/>; a decision is asked for what fits only. One audit event tells of it all.</summary>
    public IAsyncEnumerable<SearchMatch> SearchAsync(SearchWords words, CancellationToken cancellationToken = default) =>
        VisibleAsync(inner.SearchAsync(words, cancellationToken), match => match.Found, cancellationToken);

    // An event for each thing would fill the queue of the trail with one search.
    private async IAsyncEnumerable<T> VisibleAsync<T>(IAsyncEnumerable<T> all, Func<T, ObjectDescription> of, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long shown = 0, hidden = 0;
        try
        {
            await foreach (var item in all.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (!await MaySeeAsync(of(item), cancellationToken).ConfigureAwait(false))
                {
                    hidden++;
                    continue;
                }

                shown++;
                yield return item;
            }
        }
        finally
        {
            access.RecordListing(Request(CatalogActions.Describe, CatalogResource.Of(warehouse, Namespace.Root)), shown, hidden);
        }
    }

    private ValueTask<bool> MaySeeAsync(ObjectDescription found, CancellationToken cancellationToken)
    {
        var (action, resource) = found.Kind switch
        {
            ObjectKind.Schema => (CatalogActions.GetNamespace, CatalogResource.Of(warehouse, found.Namespace)),
            ObjectKind.Table => (CatalogActions.GetTable, CatalogResource.Of(warehouse, found.Identifier)),
            _ => (CatalogActions.GetView, CatalogResource.Of(warehouse, found.Identifier)),
        };
        return MayAsync(action, resource, cancellationToken);
    }
}
