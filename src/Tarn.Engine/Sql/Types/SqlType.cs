namespace Tarn.Engine.Sql.Types;

/// <summary>
/// A column type as a statement asks for it, one tree for the spellings of Trino, Spark and DuckDB. It names only what an Iceberg table can hold.
/// <see cref="object.ToString"/> gives Trino's spelling.
/// </summary>
public abstract record SqlType;

/// <summary>Types without parameters.</summary>
public enum SqlPrimitive
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>32-bit integer; 8 and 16-bit spellings mean it too, because Iceberg has nothing smaller.</summary>
    Integer,

    /// <summary>64-bit integer.</summary>
    Bigint,

    /// <summary>32-bit floating point.</summary>
    Real,

    /// <summary>64-bit floating point.</summary>
    Double,

    /// <summary>Calendar date.</summary>
    Date,

    /// <summary>Time of day in microseconds, without zone.</summary>
    Time,

    /// <summary>Bytes of any length.</summary>
    Varbinary,

    /// <summary>128-bit identifier.</summary>
    Uuid,

    /// <summary>Semi-structured value (table version 3).</summary>
    Variant,

    /// <summary>A column that holds nothing but NULL (table version 3).</summary>
    Unknown,
}

/// <summary>A type without parameters.</summary>
public sealed record PrimitiveSqlType(SqlPrimitive Primitive) : SqlType
{
    /// <inheritdoc/>
    public override string ToString() => Primitive == SqlPrimitive.Time ? "time(6)" : Primitive.ToString().ToLowerInvariant();
}

/// <summary>Text. Iceberg keeps no length: <paramref name="Length"/> is what the statement says, null without limit.</summary>
public sealed record VarcharSqlType(int? Length) : SqlType
{
    /// <inheritdoc/>
    public override string ToString() => Length is null ? "varchar" : $"varchar({Length})";
}

/// <summary>Exact number with 1 to 38 digits, of which <paramref name="Scale"/> behind the point.</summary>
public sealed record DecimalSqlType(int Precision, int Scale) : SqlType
{
    /// <inheritdoc/>
    public override string ToString() => $"decimal({Precision}, {Scale})";
}

/// <summary>Exactly <paramref name="Length"/> bytes.</summary>
public sealed record FixedSqlType(int Length) : SqlType
{
    /// <inheritdoc/>
    public override string ToString() => $"fixed({Length})";
}

/// <summary>A point in time, in microseconds or nanoseconds (table version 3).</summary>
/// <param name="WithTimeZone">Whether it is an instant (stored in UTC) and not a wall clock reading.</param>
/// <param name="Nanoseconds">Whether it has nine digits behind the second and not six.</param>
public sealed record TimestampSqlType(bool WithTimeZone, bool Nanoseconds) : SqlType
{
    /// <inheritdoc/>
    public override string ToString() => $"timestamp({(Nanoseconds ? 9 : 6)}){(WithTimeZone ? " with time zone" : "")}";
}

/// <summary>Geometry on a plane (table version 3).</summary>
/// <param name="Crs">Coordinate reference system; null for the specification's default, OGC:CRS84.</param>
public sealed record GeometrySqlType(string? Crs) : SqlType
{
    /// <inheritdoc/>
    public override string ToString() => Crs is null ? "geometry" : $"geometry({SqlPrinter.QuoteLiteral(Crs)})";
}

/// <summary>Geometry on the globe (table version 3).</summary>
/// <param name="Crs">Coordinate reference system; null for the specification's default, OGC:CRS84.</param>
/// <param name="Algorithm">Edge interpolation in lower case; null for the specification's default, spherical.</param>
public sealed record GeographySqlType(string? Crs, string? Algorithm) : SqlType
{
    /// <inheritdoc/>
    public override string ToString() => Crs is null ? "geography"
        : $"geography({SqlPrinter.QuoteLiteral(Crs)}{(Algorithm is null ? "" : ", " + SqlPrinter.QuoteLiteral(Algorithm))})";
}

/// <summary>A field of a struct.</summary>
public sealed record SqlField(string Name, SqlType Type, bool NotNull, string? Comment)
{
    /// <inheritdoc/>
    public override string ToString() => $"{SqlPrinter.Identifier(Name)} {Type}{(NotNull ? " not null" : "")}"
        + (Comment is null ? "" : $" comment {SqlPrinter.QuoteLiteral(Comment)}");
}

/// <summary>A struct of named fields, in order.</summary>
public sealed record StructSqlType(IReadOnlyList<SqlField> Fields) : SqlType
{
    /// <inheritdoc/>
    public bool Equals(StructSqlType? other) => other is not null && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode() => Fields.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"row({string.Join(", ", Fields)})";
}

/// <summary>A list.</summary>
public sealed record ArraySqlType(SqlType Element) : SqlType
{
    /// <inheritdoc/>
    public override string ToString() => $"array({Element})";
}

/// <summary>A map.</summary>
public sealed record MapSqlType(SqlType Key, SqlType Value) : SqlType
{
    /// <inheritdoc/>
    public override string ToString() => $"map({Key}, {Value})";
}
