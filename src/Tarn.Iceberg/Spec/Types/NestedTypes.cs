namespace Tarn.Iceberg.Spec.Types;

/// <summary>A struct: ordered fields with ids.</summary>
public sealed record StructType(IReadOnlyList<NestedField> Fields) : IcebergType
{
    /// <inheritdoc/>
    public override TypeId Id => TypeId.Struct;

    /// <summary>Of a partition tuple: ids of the fields that are null in every tuple, because their transform is void. They do not count for equality.</summary>
    public IReadOnlyList<int> VoidFieldIds { get; init; } = [];

    /// <summary>The direct child with this id, or null.</summary>
    public NestedField? Field(int id) => Fields.FirstOrDefault(f => f.Id == id);

    /// <summary>The direct child with exactly this name, or null.</summary>
    public NestedField? Field(string name) => Fields.FirstOrDefault(f => f.Name == name);

    /// <summary>The direct child with exactly this name, or else the only one whose name differs from it in case alone; null when there is none, or several.</summary>
    public NestedField? FieldOfAnyCase(string name) =>
        Field(name) ?? (Fields.Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Take(2).ToArray() is [var only] ? only : null);

    /// <inheritdoc/>
    public bool Equals(StructType? other) => other is not null && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode() => Fields.Aggregate(17, (hash, field) => HashCode.Combine(hash, field));

    /// <inheritdoc/>
    public override string ToString() => $"struct<{string.Join(", ", Fields)}>";
}

/// <summary>A list; <paramref name="Element"/> is a field named <c>element</c>.</summary>
public sealed record ListType(NestedField Element) : IcebergType
{
    /// <summary>A list from its parts.</summary>
    public static ListType Of(int elementId, IcebergType element, bool required = false) => new(new NestedField(elementId, "element", required, element));

    /// <inheritdoc/>
    public override TypeId Id => TypeId.List;

    /// <inheritdoc/>
    public override string ToString() => $"list<{Element.Type}>";
}

/// <summary>A map; <paramref name="Key"/> is a required field named <c>key</c>, <paramref name="Value"/> one named <c>value</c>.</summary>
public sealed record MapType(NestedField Key, NestedField Value) : IcebergType
{
    /// <summary>A map from its parts.</summary>
    public static MapType Of(int keyId, IcebergType key, int valueId, IcebergType value, bool valueRequired = false) =>
        new(new NestedField(keyId, "key", true, key), new NestedField(valueId, "value", valueRequired, value));

    /// <inheritdoc/>
    public override TypeId Id => TypeId.Map;

    /// <inheritdoc/>
    public override string ToString() => $"map<{Key.Type}, {Value.Type}>";
}
