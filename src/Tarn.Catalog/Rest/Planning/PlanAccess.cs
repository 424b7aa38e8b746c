using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Planning;

/// <summary>Who may plan. A plan tells bounds and partition values, and which files match a filter: that is data, so it needs the right to read data.</summary>
internal static class PlanAccess
{
    /// <summary>Checks the right.</summary>
    /// <exception cref="RestException">403.</exception>
    public static async ValueTask<PlanOwner> RequireAsync(RestCall call, CancellationToken cancellationToken)
    {
        if (call.Caller is null)
            throw new RestException(RestError.NotAuthorized, "Planning a scan is not open to everybody: send an access token, or an access key and its secret as OAuth2 client credentials.");
        if (call.Caller is { } caller && call.Catalog is IDataAccess access && (await access.FindRightsAsync(call.Table, cancellationToken)).HasFlag(DataRights.Read))
            return new PlanOwner(caller.CanonicalId, call.Warehouse, call.Table);
        throw new RestException(RestError.Forbidden, $"Planning a scan of {call.Table} needs catalog:ReadData on it: a plan tells values of its rows.");
    }

    /// <summary>Checks that the manifests of a table, which its clients write and name, are not those of another table that the caller may not read.</summary>
    /// <exception cref="Core.Errors.TarnException">PermissionDenied.</exception>
    public static async ValueTask RequireReadableAsync(RestCall call, TableHandle table, IReadOnlyList<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        if (call.Catalog is IDataAccess access)
            await access.RequireReadableAsync(table.Identifier, table.Metadata, manifests.Select(m => m.ManifestPath), cancellationToken);
    }

    /// <summary>Keys to read the planned files, where the client knows how to use them.</summary>
    public static async ValueTask<TableAccess> DescribeAsync(RestCall call, TableIdentifier name, TableMetadata metadata, CancellationToken cancellationToken)
    {
        var access = call.Services.DataAccess;
        return AccessDelegations.Read(call.Request).HasFlag(AccessDelegation.VendedCredentials) && (await access.FindGrantAsync(call, name, metadata, cancellationToken)).Grant is { } grant
            ? await access.VendAsync(call, name, metadata, grant.ForReading(), [], cancellationToken)
            : TableAccess.None;
    }
}
