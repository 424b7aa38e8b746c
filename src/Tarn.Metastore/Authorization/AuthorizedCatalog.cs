using Tarn.Access;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Inspection;

namespace Tarn.Metastore.Authorization;

/// <summary>
/// A catalog in somebody's name: every call asks for a decision before the catalog sees it. Beside the errors of <see cref="ICatalog"/> it throws
/// <see cref="TarnException"/>: PermissionDenied, or Unauthenticated when nobody is asking. A refusal tells nothing about what exists.
/// </summary>
/// <param name="inner">The catalog.</param>
/// <param name="warehouse">Its name in policies.</param>
/// <param name="access">Decides.</param>
/// <param name="session">In whose name.</param>
/// <param name="places">Where things may lie; null for no limit.</param>
public sealed partial class AuthorizedCatalog(ICatalog inner, string warehouse, IAccessControl access, CatalogSession session, CatalogPlaces? places = null) : ICatalog, IDataAccess
{
    // The namespace that a commit creates together with the first table in it.
    private Namespace? Creates { get; init; }

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <summary>Those that show what the caller may see; the others tell of every table.</summary>
    public IReadOnlyList<SystemTable> SystemTables => GovernanceTables.TablesOf(this);

    /// <summary>Its name in policies.</summary>
    public string Warehouse => warehouse;

    /// <inheritdoc/>
    public string Address => inner.Address;

    /// <summary>Whether the caller may do something to a table or view.</summary>
    /// <param name="action">One of <see cref="CatalogActions"/>.</param>
    /// <param name="name">The table or view.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<bool> IsAllowedAsync(string action, TableIdentifier name, CancellationToken cancellationToken = default) =>
        (await DecideAsync(action, CatalogResource.Of(warehouse, name), cancellationToken).ConfigureAwait(false)).IsAllowed;

    private ValueTask RequireAsync(string action, Namespace name, CancellationToken cancellationToken) =>
        RequireAsync(action, CatalogResource.Of(warehouse, name), cancellationToken);

    private ValueTask RequireAsync(string action, TableIdentifier name, CancellationToken cancellationToken) =>
        RequireAsync(action, CatalogResource.Of(warehouse, name), cancellationToken);

    private async ValueTask RequireAsync(string action, string resource, CancellationToken cancellationToken)
    {
        if ((await DecideAsync(action, resource, cancellationToken).ConfigureAwait(false)).IsAllowed)
            return;
        throw new TarnException(session.Caller is null ? ErrorKind.Unauthenticated : ErrorKind.PermissionDenied, DescribeMissing(action, resource));
    }

    private string DescribeMissing(string action, string resource) => session.Caller is { } caller
        ? $"{caller.Arn} is not authorized to perform {action} on {resource}. Attach a policy that allows it ('tarn policy attach')."
        : $"{action} on {resource} is not open to everybody: send an access token, or an access key and its secret as OAuth2 client credentials.";

    private ValueTask<AccessDecision> DecideAsync(string action, string resource, CancellationToken cancellationToken) =>
        session.IsAudited ? access.AuthorizeAsync(Request(action, resource), cancellationToken) : access.DecideAsync(Request(action, resource), cancellationToken);

    private AccessRequest Request(string action, string resource) => new() { Caller = session.Caller, Action = action, Resource = resource, Origin = CatalogResource.OnMain(resource), Source = session.Source, RequestId = session.RequestId };
}
