using System.Collections.Frozen;
using System.Text.Json;

namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>The types of Avro ("Primitive Types", "Complex Types").</summary>
public enum AvroType
{
    /// <summary>No value, no bytes.</summary>
    Null,

    /// <summary>One byte.</summary>
    Boolean,

    /// <summary>32-bit integer, zig-zag variable length.</summary>
    Int,

    /// <summary>64-bit integer, zig-zag variable length.</summary>
    Long,

    /// <summary>Four bytes, little-endian.</summary>
    Float,

    /// <summary>Eight bytes, little-endian.</summary>
    Double,

    /// <summary>Length and bytes.</summary>
    Bytes,

    /// <summary>Length and UTF-8.</summary>
    String,

    /// <summary>Its fields one after another.</summary>
    Record,

    /// <summary>Position of a symbol.</summary>
    Enum,

    /// <summary>Blocks of items.</summary>
    Array,

    /// <summary>Blocks of string keys and values.</summary>
    Map,

    /// <summary>Position of a branch and its value.</summary>
    Union,

    /// <summary>Bytes of a fixed number.</summary>
    Fixed,
}

/// <summary>
/// An Avro schema. Named types refer to each other by reference, so a recursive schema is a graph; compare by reference.
/// </summary>
public abstract class AvroSchema
{
    private protected AvroSchema(AvroType type, IReadOnlyDictionary<string, JsonElement>? attributes)
    {
        Type = type;
        Attributes = attributes ?? FrozenDictionary<string, JsonElement>.Empty;
        LogicalType = AvroAttributes.Text(Attributes, "logicalType");
    }

    /// <summary>Which type this is.</summary>
    public AvroType Type { get; }

    /// <summary>Attributes that are no part of the type itself: <c>logicalType</c>, <c>precision</c>, <c>element-id</c>, …</summary>
    public IReadOnlyDictionary<string, JsonElement> Attributes { get; }

    /// <summary>The logical type, or null.</summary>
    public string? LogicalType { get; }

    /// <summary>An attribute that is an integer, or null.</summary>
    public int? IntAttribute(string name) => AvroAttributes.Int(Attributes, name);
}

/// <summary>A type without parts.</summary>
public sealed class AvroPrimitive(AvroType type, IReadOnlyDictionary<string, JsonElement>? attributes = null) : AvroSchema(type, attributes);

/// <summary>A record, enum or fixed: types that are defined once and then referred to by name.</summary>
public abstract class AvroNamed : AvroSchema
{
    private protected AvroNamed(AvroType type, string fullName, IReadOnlyDictionary<string, JsonElement>? attributes)
        : base(type, attributes) => FullName = fullName;

    /// <summary>Namespace, dot, name; the name alone without namespace.</summary>
    public string FullName { get; }
}

/// <summary>A record. Its fields are set once, after its name is known to them.</summary>
public sealed class AvroRecord(string fullName, IReadOnlyDictionary<string, JsonElement>? attributes = null)
    : AvroNamed(AvroType.Record, fullName, attributes)
{
    private Dictionary<int, int>? _positions;

    /// <summary>Creates a record whose fields do not refer to it.</summary>
    public AvroRecord(string fullName, IReadOnlyList<AvroField> fields, IReadOnlyDictionary<string, JsonElement>? attributes = null)
        : this(fullName, attributes) => Fields = fields;

    /// <summary>The fields in order.</summary>
    public IReadOnlyList<AvroField> Fields { get; internal set; } = [];

    /// <summary>Position of the field with this Iceberg id, or of the one with this name when no field has the id; -1 for none.</summary>
    public int IndexOf(int fieldId, string name)
    {
        // Readers ask for a dozen fields of each of thousands of values.
        var positions = _positions ??= PositionsById();
        if (positions.TryGetValue(fieldId, out int index))
            return index;
        return positions.Count == Fields.Count ? -1 : LastWithoutId(name);
    }

    private Dictionary<int, int> PositionsById()
    {
        var positions = new Dictionary<int, int>(Fields.Count);
        for (int i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].FieldId is { } id)
                positions.TryAdd(id, i);
        }

        return positions;
    }

    private int LastWithoutId(string name)
    {
        int last = -1;
        for (int i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].FieldId is null && Fields[i].Name == name)
                last = i;
        }

        return last;
    }
}

/// <summary>A field of a record.</summary>
/// <param name="Name">Name as written.</param>
/// <param name="Schema">Type of its values.</param>
/// <param name="Default">Default in JSON, or null when it has none.</param>
/// <param name="Attributes">Other attributes: <c>field-id</c>, <c>doc</c>, …</param>
public sealed record AvroField(string Name, AvroSchema Schema, JsonElement? Default, IReadOnlyDictionary<string, JsonElement> Attributes)
{
    /// <summary>Iceberg's <c>field-id</c>, or null.</summary>
    public int? FieldId { get; } = AvroAttributes.Int(Attributes, "field-id");

    /// <summary>The true name of a field whose name Avro does not allow (Iceberg's <c>iceberg-field-name</c>), else <see cref="Name"/>.</summary>
    public string IcebergName { get; } = AvroAttributes.Text(Attributes, "iceberg-field-name") ?? Name;
}

/// <summary>An enum.</summary>
public sealed class AvroEnum(string fullName, IReadOnlyList<string> symbols, IReadOnlyDictionary<string, JsonElement>? attributes = null)
    : AvroNamed(AvroType.Enum, fullName, attributes)
{
    /// <summary>The symbols in order.</summary>
    public IReadOnlyList<string> Symbols { get; } = symbols;
}

/// <summary>A fixed.</summary>
public sealed class AvroFixed(string fullName, int size, IReadOnlyDictionary<string, JsonElement>? attributes = null)
    : AvroNamed(AvroType.Fixed, fullName, attributes)
{
    /// <summary>Bytes of a value.</summary>
    public int Size { get; } = size;
}

/// <summary>An array.</summary>
public sealed class AvroArray(AvroSchema items, IReadOnlyDictionary<string, JsonElement>? attributes = null) : AvroSchema(AvroType.Array, attributes)
{
    /// <summary>Type of the items.</summary>
    public AvroSchema Items { get; } = items;

    /// <summary>Iceberg's <c>element-id</c>, or null.</summary>
    public int? ElementId => IntAttribute("element-id");
}

/// <summary>A map from strings.</summary>
public sealed class AvroMap(AvroSchema values, IReadOnlyDictionary<string, JsonElement>? attributes = null) : AvroSchema(AvroType.Map, attributes)
{
    /// <summary>Type of the values.</summary>
    public AvroSchema Values { get; } = values;

    /// <summary>Iceberg's <c>key-id</c>, or null.</summary>
    public int? KeyId => IntAttribute("key-id");

    /// <summary>Iceberg's <c>value-id</c>, or null.</summary>
    public int? ValueId => IntAttribute("value-id");
}

/// <summary>A union; its branches may stand in any order.</summary>
public sealed class AvroUnion(IReadOnlyList<AvroSchema> branches) : AvroSchema(AvroType.Union, null)
{
    /// <summary>The branches in order.</summary>
    public IReadOnlyList<AvroSchema> Branches { get; } = branches;

    /// <summary>The branch that is not null when there is one besides null or it stands alone; else null.</summary>
    public AvroSchema? NonNull => Branches.Where(b => b.Type != AvroType.Null).Take(2).ToArray() is [var only] ? only : null;
}

internal static class AvroAttributes
{
    internal static string? Text(IReadOnlyDictionary<string, JsonElement> attributes, string name) =>
        attributes.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static int? Int(IReadOnlyDictionary<string, JsonElement> attributes, string name) =>
        attributes.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;
}
