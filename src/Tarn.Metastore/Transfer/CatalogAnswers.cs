using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Transfer;

/// <summary>Tells a catalog that fails at one table from one that is gone.</summary>
internal static class CatalogAnswers
{
    /// <summary>Whether the catalog answers when it is asked for a namespace, whatever it says of it.</summary>
    public static async ValueTask<bool> AnswersAsync(this ICatalog catalog, Namespace @namespace, CancellationToken cancellationToken)
    {
        try
        {
            await catalog.LoadNamespaceAsync(@namespace, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TarnException error)
        {
            return error.IsOfOneThing;
        }
    }
}
