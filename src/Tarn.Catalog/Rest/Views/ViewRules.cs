using Tarn.Catalog.Rest.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Catalog.Rest.Views;

/// <summary>What a view of a client must fulfil before the catalog sees it.</summary>
internal static class ViewRules
{
    /// <summary>Checks a version.</summary>
    /// <exception cref="RestException">It has two queries for one dialect.</exception>
    public static void Check(ViewVersion version)
    {
        var twice = version.Representations.Where(r => r.Dialect is not null).GroupBy(r => r.Dialect, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new RestException(RestError.IllegalArgument, $"Invalid view version: Cannot add multiple queries for dialect {twice.Key!.ToLowerInvariant()}");
    }

    /// <summary>Checks updates.</summary>
    /// <exception cref="RestException">A version is not right.</exception>
    public static void Check(IEnumerable<ViewUpdate> updates)
    {
        foreach (var added in updates.OfType<ViewUpdate.AddViewVersion>())
            Check(added.ViewVersion);
    }
}
