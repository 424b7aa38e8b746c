namespace Tarn.Iceberg.Spec.Types;

/// <summary>A type of the specification's type system ("Schemas and Data Types"). Types are values: equal when they mean the same.</summary>
public abstract record IcebergType
{
    /// <summary>Which type this is, without its parameters.</summary>
    public abstract TypeId Id { get; }

    /// <summary>True for struct, list and map.</summary>
    public bool IsNested => Id is TypeId.Struct or TypeId.List or TypeId.Map;

    /// <summary>True for every type that holds a single value (variant is neither primitive nor nested).</summary>
    public bool IsPrimitive => !IsNested && Id != TypeId.Variant;

    /// <summary>The direct children: fields of a struct, element of a list, key and value of a map; else none.</summary>
    public IReadOnlyList<NestedField> Children() => this switch
    {
        StructType s => s.Fields,
        ListType l => [l.Element],
        MapType m => [m.Key, m.Value],
        _ => [],
    };

    /// <summary>The same type with other children, given in the order of <see cref="Children"/>.</summary>
    public IcebergType WithChildren(IReadOnlyList<NestedField> children) => this switch
    {
        StructType => new StructType(children),
        ListType => new ListType(children[0]),
        MapType => new MapType(children[0], children[1]),
        _ => this,
    };
}
