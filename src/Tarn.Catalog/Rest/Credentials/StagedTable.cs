using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Tables;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>
/// A table that a client has staged and is writing the files of: nothing of it is stored. Where requests are signed and keys are renewed, its folders stand in
/// the address that the client was told; each time they are checked as they were when the table was staged.
/// </summary>
internal static class StagedTable
{
    private const string LocationParameter = "location";

    /// <summary>What goes behind the addresses that a client is told with a staged table.</summary>
    /// <param name="metadata">What the table would begin with: where it is to lie, and where its properties send files.</param>
    public static string QueryOf(TableMetadata metadata) =>
        $"?{LocationParameter}={Uri.EscapeDataString(metadata.Location)}"
        + string.Concat(TableFolders.PathProperties.Where(metadata.Properties.ContainsKey).Select(name => $"&{name}={Uri.EscapeDataString(metadata.Properties[name])}"));

    /// <summary>The table in the path, or the staged one of that name whose folders the query gives; and the query that leads to it.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound: there is neither. PermissionDenied: no table may be made there.</exception>
    public static async ValueTask<(TableIdentifier Name, TableMetadata Metadata, string Query)> FindAsync(RestCall call, CancellationToken cancellationToken)
    {
        if (call.Request.Query[LocationParameter] is { } location && call.Catalog is IDataAccess access && await call.Catalog.LoadTableAsync(call.Table, cancellationToken) is null)
        {
            var paths = TableFolders.PathProperties.Select(name => (Name: name, Path: call.Request.Query[name])).Where(p => p.Path is not null).ToDictionary(p => p.Name, p => p.Path!);
            var metadata = TableMetadata.New(
                new Schema(0, []), PartitionSpec.Unpartitioned, SortOrder.Unsorted, location, paths, TableMetadata.DefaultFormatVersion, Guid.NewGuid(), call.Services.Time.GetUtcNow());
            await access.RequireCreationAsync(call.Table, metadata, cancellationToken);
            return (call.Table, metadata, QueryOf(metadata));
        }

        var table = await LoadTable.FindAsync(call, cancellationToken);
        return (table.Identifier, table.Metadata, "");
    }
}
