using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Tables;

/// <summary><c>HEAD namespaces/{namespace}/tables/{table}</c>.</summary>
internal sealed class TableExists : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        await LoadTable.FindAsync(call, cancellationToken);
        return RestAnswer.NoContent;
    }
}
