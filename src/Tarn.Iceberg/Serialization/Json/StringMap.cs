using System.Collections.Immutable;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>String maps in ordinal order of their keys, the form in which properties and summaries are held.</summary>
internal static class StringMap
{
    public static ImmutableSortedDictionary<string, string> Empty { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
