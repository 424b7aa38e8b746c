using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Catalog.Rest.Tables;

namespace Tarn.Catalog.Rest.Transactions;

/// <summary><c>POST transactions/commit</c>: commits to several tables, all or none. DuckDB sends every commit here, also of one table.</summary>
internal sealed class CommitTransaction : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var changes = (await call.ReadJsonAsync(cancellationToken)).Required("table-changes").AsList();
        if (changes.Count is 0 or > RestLimits.TransactionTables)
            throw RestException.BadRequest($"table-changes has {changes.Count} entries; 1 to {RestLimits.TransactionTables} are allowed.");
        await CommitTable.CommitAsync(call, [.. changes.Select(change => CommitRequest.Read(change, change.Required("identifier").AsIdentifier()))], cancellationToken);
        return RestAnswer.NoContent;
    }
}
