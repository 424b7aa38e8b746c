using System.Collections.Immutable;

namespace Tarn.Catalog.Rest.Namespaces;

/// <summary>Properties of namespaces.</summary>
internal static class NamespaceProperties
{
    /// <summary>The property that says where new tables get their folders.</summary>
    public const string Location = "location";

    /// <summary>No properties.</summary>
    public static ImmutableSortedDictionary<string, string> None { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
