using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>A map as a list of its entries, structs of <c>key</c> and <c>value</c>: the form in which keys may still be missing or stand twice.</summary>
/// <param name="Key">Type of the keys.</param>
/// <param name="Value">Type of the values.</param>
internal sealed record MapEntries(IcebergType Key, IcebergType Value)
{
    private const string Item = "__tarn_entry";

    /// <summary>The entries that a list holds; null when it holds others.</summary>
    public static MapEntries? Of(ListType list) => list.Element.Type is StructType { Fields: [{ Name: "key" } key, { Name: "value" } value] } ? new MapEntries(key.Type, value.Type) : null;

    /// <summary>The type of such a list.</summary>
    public static ListType Type(IcebergType key, IcebergType value) => ListType.Of(0, new StructType([new NestedField(0, "key", false, key), new NestedField(0, "value", false, value)]));

    /// <summary>The entries of a list as SQL.</summary>
    /// <param name="entries">Expression of the list.</param>
    /// <param name="of">The expression for one of them.</param>
    public static string Each(string entries, Func<string, string> of) => $"list_transform({entries}, lambda {Item}: {of(Item)})";
}
