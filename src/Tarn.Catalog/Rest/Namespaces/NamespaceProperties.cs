using System.Collections.Immutable;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Namespaces;

/// <summary>Properties that mean something to the catalog.</summary>
internal static class NamespaceProperties
{
    private const string Location = "location";

    /// <summary>No properties.</summary>
    public static ImmutableSortedDictionary<string, string> None { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Checks where new tables of the namespace would go.</summary>
    /// <exception cref="Errors.RestException">403: to a place that is not allowed.</exception>
    public static void Check(RestCall call, IReadOnlyDictionary<string, string> properties)
    {
        if (properties.TryGetValue(Location, out string? location) && location.Length > 0)
            call.Services.Locations.Require(location, "The location of the namespace");
    }
}
