namespace Tarn.DuckDb.Types;

/// <summary>
/// A logical type of DuckDB: a tree, because lists, structs, maps, arrays and unions have parts. Immutable; equal by structure.
/// See <see href="https://duckdb.org/docs/stable/sql/data_types/overview">data types</see>.
/// </summary>
public sealed partial class DuckDbType : IEquatable<DuckDbType>
{
    private DuckDbType(DuckDbTypeId id) => Id = id;

    /// <summary>The kind of type.</summary>
    public DuckDbTypeId Id { get; }

    /// <summary>DECIMAL: the number of digits, 1 to 38; else 0.</summary>
    public byte Width { get; private init; }

    /// <summary>DECIMAL: digits after the point; else 0.</summary>
    public byte Scale { get; private init; }

    /// <summary>ARRAY: the fixed number of elements; else 0.</summary>
    public int ArraySize { get; private init; }

    /// <summary>
    /// The parts: one unnamed element for LIST and ARRAY, <c>key</c> and <c>value</c> for MAP, the fields of a STRUCT, the members of a
    /// UNION; empty for every other type.
    /// </summary>
    public IReadOnlyList<DuckDbField> Children { get; private init; } = [];

    /// <summary>ENUM: the values in the order of their numbers; else empty.</summary>
    public IReadOnlyList<string> EnumValues { get; private init; } = [];

    /// <summary>The name of a type that is stored as another one (<c>JSON</c> is a VARCHAR with this alias); null when there is none.</summary>
    public string? Alias { get; private init; }

    /// <summary>LIST and ARRAY: the type of the elements.</summary>
    /// <exception cref="InvalidOperationException">The type has no single element type.</exception>
    public DuckDbType Element => Id is DuckDbTypeId.List or DuckDbTypeId.Array
        ? Children[0].Type
        : throw new InvalidOperationException($"{this} has no element type.");

    /// <summary>A type without parameters.</summary>
    /// <exception cref="ArgumentException">The kind needs parameters: use its own factory.</exception>
    public static DuckDbType Of(DuckDbTypeId id) => id is DuckDbTypeId.Decimal or DuckDbTypeId.Enum or DuckDbTypeId.List
        or DuckDbTypeId.Struct or DuckDbTypeId.Map or DuckDbTypeId.Union or DuckDbTypeId.Array
        ? throw new ArgumentException($"{id} needs parameters.", nameof(id))
        : new DuckDbType(id);

    /// <summary><c>DECIMAL(width, scale)</c>.</summary>
    public static DuckDbType Decimal(int width, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 38);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, width);
        return new DuckDbType(DuckDbTypeId.Decimal) { Width = (byte)width, Scale = (byte)scale };
    }

    /// <summary><c>element[]</c>.</summary>
    public static DuckDbType List(DuckDbType element) => new(DuckDbTypeId.List) { Children = [new DuckDbField("", element)] };

    /// <summary><c>element[size]</c>.</summary>
    public static DuckDbType Array(DuckDbType element, int size) =>
        new(DuckDbTypeId.Array) { Children = [new DuckDbField("", element)], ArraySize = size };

    /// <summary><c>MAP(key, value)</c>.</summary>
    public static DuckDbType Map(DuckDbType key, DuckDbType value) =>
        new(DuckDbTypeId.Map) { Children = [new DuckDbField("key", key), new DuckDbField("value", value)] };

    /// <summary><c>STRUCT(name type, …)</c>.</summary>
    public static DuckDbType Struct(params IReadOnlyList<DuckDbField> fields) => new(DuckDbTypeId.Struct) { Children = fields };

    /// <summary><c>UNION(name type, …)</c>.</summary>
    public static DuckDbType Union(params IReadOnlyList<DuckDbField> members) => new(DuckDbTypeId.Union) { Children = members };

    /// <summary><c>ENUM('value', …)</c>.</summary>
    public static DuckDbType Enum(params IReadOnlyList<string> values) => new(DuckDbTypeId.Enum) { EnumValues = values };

    /// <summary>The same type under an alias.</summary>
    public DuckDbType WithAlias(string? alias) => new(Id)
    {
        Width = Width, Scale = Scale, ArraySize = ArraySize, Children = Children, EnumValues = EnumValues, Alias = alias,
    };

    /// <inheritdoc/>
    public bool Equals(DuckDbType? other) => other is not null && Id == other.Id && Width == other.Width && Scale == other.Scale
        && ArraySize == other.ArraySize && Alias == other.Alias
        && Children.SequenceEqual(other.Children) && EnumValues.SequenceEqual(other.EnumValues);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DuckDbType);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Width, Scale, ArraySize, Alias, Children.Count, EnumValues.Count);
}
