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

    /// <summary>What a client sends along for a staged table: where it is to lie, and where its properties send files.</summary>
    /// <param name="metadata">What the table would begin with.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> FoldersOf(TableMetadata metadata) =>
    [
        new(LocationParameter, metadata.Location),
        .. TableFolders.PathProperties.Where(metadata.Properties.ContainsKey).Select(name => KeyValuePair.Create(name, metadata.Properties[name])),
    ];

    /// <summary>The folders as they go behind an address; empty for a table that is there.</summary>
    public static string QueryOf(IReadOnlyList<KeyValuePair<string, string>> folders) =>
        folders.Count == 0 ? "" : "?" + string.Join('&', folders.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}"));

    /// <summary>The table in the path, or the staged one of that name whose folders the request gives; and those folders.</summary>
    /// <param name="call">The request.</param>
    /// <param name="properties">Folders that stand in its body and not in its address; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Core.Errors.TarnException">NotFound: there is neither. PermissionDenied: no table may be made there.</exception>
    public static async ValueTask<(TableIdentifier Name, TableMetadata Metadata, IReadOnlyList<KeyValuePair<string, string>> Folders)> FindAsync(
        RestCall call, IReadOnlyDictionary<string, string>? properties, CancellationToken cancellationToken)
    {
        if (Given(LocationParameter) is { } location && call.Catalog is IDataAccess access && !await access.IsTakenAsync(call.Table, cancellationToken))
        {
            var paths = TableFolders.PathProperties.Select(name => (Name: name, Path: Given(name))).Where(p => p.Path is not null).ToDictionary(p => p.Name, p => p.Path!);
            var metadata = TableMetadata.New(
                new Schema(0, []), PartitionSpec.Unpartitioned, SortOrder.Unsorted, location, paths, TableMetadata.DefaultFormatVersion, Guid.NewGuid(), call.Services.Time.GetUtcNow());
            await access.RequireCreationAsync(call.Table, metadata, cancellationToken);
            return (call.Table, metadata, FoldersOf(metadata));
        }

        var table = await LoadTable.FindAsync(call, cancellationToken);
        return (table.Identifier, table.Metadata, []);

        string? Given(string name) => call.Request.Query[name] ?? properties?.GetValueOrDefault(name);
    }
}
