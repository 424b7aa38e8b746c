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
}
