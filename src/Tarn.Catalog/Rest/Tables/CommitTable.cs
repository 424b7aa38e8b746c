using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Tables;

/// <summary><c>POST namespaces/{namespace}/tables/{table}</c>: commits updates to a table, or creates it when the requirements hold assert-create.</summary>
internal sealed class CommitTable : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var commit = CommitRequest.Read(await call.ReadJsonAsync(cancellationToken), call.Table);
        var table = (await CommitAsync(call, [commit], cancellationToken))[0];
        return TableAnswer.Of(table, TableAccess.ToStorage(call, table.Metadata));
    }

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken)
    {
        var table = await call.Services.Warehouses.Requests.LoadTableAsync(call.Table, applied.Result[0], cancellationToken);
        return TableAnswer.Of(table, TableAccess.ToStorage(call, table.Metadata));
    }

    /// <summary>Commits to tables, all or none.</summary>
    /// <exception cref="TarnException">As a commit is answered: 409 and 503 were certainly not applied, 5XX may have been.</exception>
    public static async ValueTask<IReadOnlyList<TableHandle>> CommitAsync(RestCall call, IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Catalog.CommitAsync(commits, cancellationToken);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.NotFound)
        {
            throw await MissingAsync(call, commits, error, cancellationToken);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.AlreadyExists)
        {
            throw await NameTaken.ByCommitAsync(call, commits.First(IsCreation).Table, error, cancellationToken);
        }
    }

    private static bool IsCreation(TableCommit commit) => commit.Requirements.OfType<TableRequirement.AssertCreate>().Any();

    private static async ValueTask<RestException> MissingAsync(RestCall call, IReadOnlyList<TableCommit> commits, TarnException cause, CancellationToken cancellationToken)
    {
        foreach (var commit in commits)
        {
            if (IsCreation(commit))
            {
                if (await NameMissing.NamespaceAsync(call, commit.Table.Namespace, cancellationToken) is { } refusal)
                    return refusal;
            }
            else if (commits.Count == 1 || cause.Message.Contains($"'{commit.Table}'", StringComparison.Ordinal))
                return RestException.NoSuchTable(commit.Table);
        }

        return new RestException(RestError.NoSuchTable, cause.Message, cause);
    }
}
