using Microsoft.Extensions.Logging;
using Tarn.Access;
using Tarn.Access.Sessions;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>
/// Decides what a client may reach of the files of a table, and how it is told. The rights <c>catalog:ReadData</c> and <c>catalog:WriteData</c> count; rights
/// on buckets the caller need not have. Only folders below allowed locations are opened, and none that other tables use whose files the caller may not have.
/// </summary>
/// <param name="credentials">Issues keys.</param>
/// <param name="options">Settings.</param>
/// <param name="log">Told of keys that could not be given.</param>
internal sealed partial class DataAccess(IssuedCredentials credentials, CatalogOptions options, ILogger<DataAccess> log)
{
    /// <summary>What a client is told with a table.</summary>
    /// <param name="call">The request, whose header says what the client knows.</param>
    /// <param name="name">The table.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<TableAccess> DescribeAsync(RestCall call, TableIdentifier name, TableMetadata metadata, CancellationToken cancellationToken) =>
        TellAsync(call, name, metadata, [], cancellationToken);

    /// <summary>What a client is told with a table that it stages: the same, with its folders in the addresses that it asks at before there is a table.</summary>
    /// <param name="call">The request.</param>
    /// <param name="name">The table.</param>
    /// <param name="metadata">What it would begin with.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<TableAccess> DescribeStagedAsync(RestCall call, TableIdentifier name, TableMetadata metadata, CancellationToken cancellationToken) =>
        TellAsync(call, name, metadata, StagedTable.FoldersOf(metadata), cancellationToken);

    private async ValueTask<TableAccess> TellAsync(RestCall call, TableIdentifier name, TableMetadata metadata, IReadOnlyList<KeyValuePair<string, string>> staged, CancellationToken cancellationToken)
    {
        var storage = TableAccess.ToStorage(call, metadata);
        var wanted = AccessDelegations.Read(call.Request);
        if (wanted == AccessDelegation.None)
            return storage;
        var (found, limits) = await FindGrantAsync(call, name, metadata, cancellationToken);
        if (found is not { } grant)
        {
            // The answer has no place for it; whoever asks for the keys alone, or has a request signed, is told.
            if (limits?.Of(DataRights.Read) is { } limit)
                LogLimit(call.RequestId, limit);
            return storage;
        }

        return wanted.HasFlag(AccessDelegation.VendedCredentials)
            ? await VendAsync(call, name, metadata, grant, staged, cancellationToken)
            : storage.WithSigning(call.Request.BaseAddress, PathCoding.OfTable(call.Warehouse, name) + "/sign" + StagedTable.QueryOf(staged), staged);
    }

    /// <summary>
    /// What a client is told with a table that its request has just made: as <see cref="DescribeAsync"/>, but when that fails the storage without keys. A client
    /// that is told of a failure deletes the files of the table, which stands; the client that lacks keys asks for them.
    /// </summary>
    /// <param name="call">The request.</param>
    /// <param name="made">The table.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<TableAccess> DescribeMadeAsync(RestCall call, TableHandle made, CancellationToken cancellationToken)
    {
        try
        {
            return await DescribeAsync(call, made.Identifier, made.Metadata, cancellationToken);
        }
        catch (TarnException error)
        {
            LogNoKeys(made.Identifier, call.RequestId, error);
            return TableAccess.ToStorage(call, made.Metadata);
        }
    }

    /// <summary>Keys for a grant, which stay here.</summary>
    public ValueTask<TemporaryCredential> IssueAsync(Caller caller, TableGrant grant, CancellationToken cancellationToken) => credentials.IssueAsync(caller, grant, cancellationToken);

    /// <summary>The storage with keys for a grant.</summary>
    /// <param name="call">The request.</param>
    /// <param name="name">The table.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="grant">What the keys open.</param>
    /// <param name="staged">The folders of a staged table, which go behind the address at which keys are renewed; none of one that is there.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<TableAccess> VendAsync(RestCall call, TableIdentifier name, TableMetadata metadata, TableGrant grant, IReadOnlyList<KeyValuePair<string, string>> staged, CancellationToken cancellationToken) =>
        TableAccess.ToStorage(call, metadata).With(call, grant, await credentials.IssueAsync(call.Caller!, grant, cancellationToken), PathCoding.OfTable(call.Warehouse, name) + "/credentials" + StagedTable.QueryOf(staged));

    /// <summary>
    /// What the caller may reach; null when that is nothing, or when the storage is not Tarn's own, which alone takes its keys. And what tells why it is not more; null
    /// where it is the storage.
    /// </summary>
    public async ValueTask<(TableGrant? Grant, GrantLimits? Limits)> FindGrantAsync(RestCall call, TableIdentifier name, TableMetadata metadata, CancellationToken cancellationToken)
    {
        if (options.ClientStorage?.Port is null || call.Caller is null || call.Catalog is not IDataAccess access)
            return (null, null);
        var files = await access.FindFileRightsAsync(name, metadata, cancellationToken);
        return (GrantOf(GrantedTable.Of(call.Warehouse, name, call.Request.Source), files), new GrantLimits(access, name, files));
    }

    /// <summary>What may be reached of the files of a table; null when that is nothing.</summary>
    /// <param name="table">The table.</param>
    /// <param name="files">What its caller may do to its files.</param>
    public static TableGrant? GrantOf(GrantedTable table, FileRights files)
    {
        BucketFolder[] buckets = [.. files.Folders.Select(BucketFolder.Of).OfType<BucketFolder>()];
        return buckets.Length > 0 && files.Rights.HasFlag(DataRights.Read)
            ? new TableGrant(table with { Folders = [.. buckets.Select(b => b.Location.TrimEnd('/'))] }, buckets, files.Rights.HasFlag(DataRights.Write), files.CanReplace)
            : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{RequestId} was answered without keys: {Limit}")]
    private partial void LogLimit(string requestId, string limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The table {Name} was made by {RequestId}, but no keys for its files could be given")]
    private partial void LogNoKeys(TableIdentifier name, string requestId, Exception error);
}
