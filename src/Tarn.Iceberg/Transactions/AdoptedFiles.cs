using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>
/// Data files that became objects for this commit alone. They are removed when the commit certainly was not applied, and stay when it was or when that is
/// unknown.
/// </summary>
/// <param name="locations">Locations that nobody else has used.</param>
public sealed class AdoptedFiles(IReadOnlyList<string> locations) : PendingUpdate
{
    /// <summary>Removes the files. What cannot be removed stays as an orphan, which costs space and harms nothing.</summary>
    /// <param name="store">Where they lie.</param>
    public async ValueTask RemoveAsync(IObjectStore store)
    {
        foreach (string location in locations)
        {
            try
            {
                await store.DeleteAsync(location).ConfigureAwait(false);
            }
            catch (TarnException)
            {
                // The failure that led here is what the caller must see.
                continue;
            }
        }
    }

    internal override ValueTask<IReadOnlyList<TableUpdate>> ApplyAsync(TableMetadata current, TransactionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<TableUpdate>>([]);

    internal override ValueTask AbandonedAsync(TransactionContext context) => RemoveAsync(context.Store);
}
