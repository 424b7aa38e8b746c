using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Listings: whoever may list sees the names of what they may get, and no others.</content>
public sealed partial class AuthorizedCatalog
{
    private ValueTask<Page<TableIdentifier>> ListAsync(
        string listing, Namespace @namespace, PageRequest page, Func<PageRequest, ValueTask<Page<TableIdentifier>>> list, string getting, CancellationToken cancellationToken) =>
        ListAsync(listing, @namespace, page, list, getting, name => CatalogResource.Of(warehouse, name), name => name.Name, cancellationToken);

    /// <summary>A page of what the caller may see. Its token is a name that it shows, so that none tells of what is left out.</summary>
    /// <param name="listing">The action of listing, asked for the namespace.</param>
    /// <param name="parent">The namespace.</param>
    /// <param name="page">The page.</param>
    /// <param name="list">Lists from a token on.</param>
    /// <param name="getting">The action of getting, asked for each thing.</param>
    /// <param name="resourceOf">The resource of a thing.</param>
    /// <param name="tokenOf">The token of the page that ends with a thing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    private async ValueTask<Page<T>> ListAsync<T>(
        string listing, Namespace parent, PageRequest page, Func<PageRequest, ValueTask<Page<T>>> list, string getting, Func<T, string> resourceOf, Func<T, string> tokenOf, CancellationToken cancellationToken)
    {
        await RequireAsync(listing, parent, cancellationToken).ConfigureAwait(false);
        List<T> shown = [];
        long hidden = 0;
        string? next = null;
        foreach (var item in (await list(new PageRequest(page.Token)).ConfigureAwait(false)).Items)
        {
            if (!await MayAsync(getting, resourceOf(item), cancellationToken).ConfigureAwait(false))
            {
                hidden++;
                continue;
            }

            if (page.Size > 0 && shown.Count == page.Size)
            {
                next = tokenOf(shown[^1]);
                break;
            }

            shown.Add(item);
        }

        if (hidden > 0)
            access.RecordListing(Request(listing, CatalogResource.Of(warehouse, parent)), shown.Count, hidden);
        return new Page<T>(shown, next);
    }

    // Without an audit event: for what is left out, not refused.
    private async ValueTask<bool> MayAsync(string action, string resource, CancellationToken cancellationToken) =>
        (await access.DecideAsync(Request(action, resource), cancellationToken).ConfigureAwait(false)).IsAllowed;
}
