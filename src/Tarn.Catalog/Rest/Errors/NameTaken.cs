using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Errors;

/// <summary>The refusal of a name that is taken: tables and views share one name space, and the message says what has the name.</summary>
internal static class NameTaken
{
    /// <summary>A table cannot get the name.</summary>
    public static async ValueTask<RestException> ByTableAsync(RestCall call, TableIdentifier name, Exception cause, CancellationToken cancellationToken) => new(
        RestError.AlreadyExists,
        await IsViewAsync(call, name, cancellationToken) ? $"View with same name already exists: {name}" : $"Table already exists: {name}",
        cause);

    /// <summary>A commit cannot create a table of the name.</summary>
    public static async ValueTask<RestException> ByCommitAsync(RestCall call, TableIdentifier name, Exception cause, CancellationToken cancellationToken) => new(
        RestError.AlreadyExists,
        await IsViewAsync(call, name, cancellationToken) ? $"View with same name already exists: {name}" : $"Requirement failed: table already exists: {name}",
        cause);

    /// <summary>A view cannot get the name.</summary>
    public static async ValueTask<RestException> ByViewAsync(RestCall call, TableIdentifier name, Exception cause, CancellationToken cancellationToken) => new(
        RestError.AlreadyExists,
        await IsViewAsync(call, name, cancellationToken) ? $"View already exists: {name}" : $"Table with same name already exists: {name}",
        cause);

    /// <summary>Nothing can be renamed to the name.</summary>
    public static async ValueTask<RestException> ByRenameAsync(RestCall call, TableIdentifier from, TableIdentifier to, Exception cause, CancellationToken cancellationToken) => new(
        RestError.AlreadyExists,
        $"Cannot rename {from} to {to}. {(await IsViewAsync(call, to, cancellationToken) ? "View" : "Table")} already exists",
        cause);

    // Who may not see views is told about tables.
    private static async ValueTask<bool> IsViewAsync(RestCall call, TableIdentifier name, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Catalog.LoadViewAsync(name, cancellationToken) is not null;
        }
        catch (TarnException error) when (error.Kind is ErrorKind.PermissionDenied or ErrorKind.DataCorrupted)
        {
            return false;
        }
    }
}
