using Microsoft.AspNetCore.Http;
using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Tables;

/// <summary><c>GET namespaces/{namespace}/tables/{table}</c>. Clients load twice for a query, so an unchanged table is answered without a body where they take that.</summary>
internal sealed class LoadTable : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var snapshots = SnapshotModes.Parse(call.Request.Query["snapshots"]);
        var table = await FindAsync(call, cancellationToken);
        var access = await call.Services.DataAccess.DescribeAsync(call, table.Identifier, table.Metadata, cancellationToken);
        if (call.Request.Header("If-None-Match") is { } known)
        {
            string tag = TableAnswer.TagOf(table, access, snapshots);
            // Clients echo the tag as it came; quotes and the mark of a weak one are not always kept on the way.
            if (known.Split(',').Any(t => t.Trim().Replace("W/", "", StringComparison.Ordinal).Trim('"') == tag.Trim('"')))
                return new RestAnswer(StatusCodes.Status304NotModified, []) { EntityTag = tag };
        }

        return TableAnswer.Of(table with { Content = call.Services.Snapshots.Apply(table, snapshots) }, access, snapshots);
    }

    /// <summary>The table in the path.</summary>
    /// <exception cref="RestException">404: there is none, or its metadata file is missing.</exception>
    public static async ValueTask<TableHandle> FindAsync(RestCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Catalog.LoadTableAsync(call.Table, cancellationToken) ?? throw RestException.NoSuchTable(call.Table);
        }
        catch (MetadataFileException error) when (error.IsMissing)
        {
            throw new RestException(RestError.NotFound, $"Failed to open input stream for file: {error.Location}. {error.Message}", error);
        }
    }
}
