using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Locations;
using Tarn.Catalog.Rest.Operations;
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
    /// <exception cref="RestException">A version is not right, or a location is not allowed.</exception>
    public static void Check(RestCall call, IEnumerable<ViewUpdate> updates)
    {
        foreach (var update in updates)
        {
            switch (update)
            {
                case ViewUpdate.AddViewVersion u:
                    Check(u.ViewVersion);
                    break;
                case ViewUpdate.SetLocation u:
                    call.Services.Locations.Require(u.Location, "The location of the view");
                    break;
                case ViewUpdate.SetProperties u:
                    TableLocations.Check(call, u.Updates);
                    break;
            }
        }
    }
}
