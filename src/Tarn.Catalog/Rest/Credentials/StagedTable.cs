using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Tables;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>
/// A table that a client has staged and is writing the files of: nothing of it is stored. Where requests are signed and keys are renewed, its location stands in
/// the address that the client was told; each time it is checked as it was when the table was staged.
/// </summary>
internal static class StagedTable
{
    private const string LocationParameter = "location";

    /// <summary>What goes behind the addresses that a client is told with a staged table.</summary>
    /// <param name="location">Where the table is to lie.</param>
    public static string QueryOf(string location) => $"?{LocationParameter}={Uri.EscapeDataString(location)}";

    /// <summary>The table in the path, or the staged one of that name whose location the query gives; and the query that leads to it.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound: there is neither. PermissionDenied: no table may be made there.</exception>
    public static async ValueTask<(TableIdentifier Name, TableMetadata Metadata, string Query)> FindAsync(RestCall call, CancellationToken cancellationToken)
    {
        if (call.Request.Query[LocationParameter] is { } location && call.Catalog is IDataAccess access && await call.Catalog.LoadTableAsync(call.Table, cancellationToken) is null)
        {
            var metadata = TableMetadata.New(
                new Schema(0, []), PartitionSpec.Unpartitioned, SortOrder.Unsorted, location, new Dictionary<string, string>(), TableMetadata.DefaultFormatVersion, Guid.NewGuid(), call.Services.Time.GetUtcNow());
            await access.RequireCreationAsync(call.Table, metadata, cancellationToken);
            return (call.Table, metadata, QueryOf(location));
        }

        var table = await LoadTable.FindAsync(call, cancellationToken);
        return (table.Identifier, table.Metadata, "");
    }
}
