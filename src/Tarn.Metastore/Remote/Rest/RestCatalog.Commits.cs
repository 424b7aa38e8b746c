using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Remote.Rest;

/// <content>Commits of tables.</content>
public sealed partial class RestCatalog
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TableHandle>> CommitAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default)
    {
        foreach (var commit in commits.Where(IsCreation))
            CatalogNames.RequireNew(commit.Table);
        return commits.Count switch
        {
            0 => [],
            1 => [await CommitOneAsync(commits[0], cancellationToken).ConfigureAwait(false)],
            _ => await CommitAllAsync(commits, cancellationToken).ConfigureAwait(false),
        };
    }

    private async ValueTask<TableHandle> CommitOneAsync(TableCommit commit, CancellationToken cancellationToken)
    {
        string path = await PathAsync(commit.Table, "tables", cancellationToken).ConfigureAwait(false);
        string purpose = IsCreation(commit) ? $"create table '{commit.Table}'" : $"commit to table '{commit.Table}'";
        var request = new RestRequest(HttpMethod.Post, path, purpose) { Body = RestJson.Object(json => RestJson.WriteCommit(json, commit)), IsCommit = true };
        var reply = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        _known.Forget(path);
        return Require(reply, commit).Read(json => RestJson.ReadTable(json, commit.Table));
    }

    private async ValueTask<IReadOnlyList<TableHandle>> CommitAllAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken)
    {
        string tables = string.Join(", ", commits.Select(c => $"'{c.Table}'"));
        await _session.RequireAsync(RestEndpoints.CommitTransaction, $"commit to several tables at once ({tables})", cancellationToken).ConfigureAwait(false);
        byte[] body = RestJson.Object(json =>
        {
            json.WriteStartArray("table-changes");
            foreach (var commit in commits)
            {
                json.WriteStartObject();
                RestJson.WriteCommit(json, commit);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        var reply = await SendAsync(new RestRequest(HttpMethod.Post, "transactions/commit", $"commit to tables {tables}") { Body = body, IsCommit = true }, cancellationToken).ConfigureAwait(false);
        Require(reply, commits.FirstOrDefault(IsCreation) ?? commits[0]);
        var handles = new List<TableHandle>();
        foreach (var commit in commits)
            handles.Add(await AfterCommitAsync(commit.Table, cancellationToken).ConfigureAwait(false));
        return handles;
    }

    // The answer to a transaction is empty. What fails now must not look like a commit that was refused.
    private async ValueTask<TableHandle> AfterCommitAsync(TableIdentifier table, CancellationToken cancellationToken)
    {
        try
        {
            return await LoadTableAsync(table, cancellationToken).ConfigureAwait(false)
                ?? throw TarnException.NotFound($"Table '{table}' does not exist any more.");
        }
        catch (Exception error) when (error is TarnException or OperationCanceledException)
        {
            throw new CommitStateUnknownException($"The commit was applied, and then table '{table}' could not be loaded: {error.Message} Do not repeat the commit; load the table again.", error);
        }
    }

    // The protocol calls a taken name a failed requirement; to whoever creates a table it is a taken name.
    private static RestReply Require(RestReply reply, TableCommit commit) =>
        reply.Status == 409 && IsCreation(commit) ? throw TarnException.AlreadyExists(RestErrorMapping.Of(reply).Message) : reply.Require();

    private static bool IsCreation(TableCommit commit) => commit.Requirements.Any(r => r is TableRequirement.AssertCreate);
}
