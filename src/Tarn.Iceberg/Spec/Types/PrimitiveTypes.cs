namespace Tarn.Iceberg.Spec.Types;

/// <summary>A primitive type without parameters. Use the shared instances.</summary>
public sealed record SimpleType : IcebergType
{
    private SimpleType(TypeId id, string text) => (Id, Text) = (id, text);

    /// <inheritdoc/>
    public override TypeId Id { get; }

    /// <summary>The type's name in JSON.</summary>
    public string Text { get; }

    /// <summary>Type <c>boolean</c>.</summary>
    public static SimpleType Boolean { get; } = new(TypeId.Boolean, "boolean");

    /// <summary>Type <c>int</c>.</summary>
    public static SimpleType Int { get; } = new(TypeId.Int, "int");

    /// <summary>Type <c>long</c>.</summary>
    public static SimpleType Long { get; } = new(TypeId.Long, "long");

    /// <summary>Type <c>float</c>.</summary>
    public static SimpleType Float { get; } = new(TypeId.Float, "float");

    /// <summary>Type <c>double</c>.</summary>
    public static SimpleType Double { get; } = new(TypeId.Double, "double");

    /// <summary>Type <c>date</c>.</summary>
    public static SimpleType Date { get; } = new(TypeId.Date, "date");

    /// <summary>Type <c>time</c>.</summary>
    public static SimpleType Time { get; } = new(TypeId.Time, "time");

    /// <summary>Type <c>timestamp</c>.</summary>
    public static SimpleType Timestamp { get; } = new(TypeId.Timestamp, "timestamp");

    /// <summary>Type <c>timestamptz</c>.</summary>
    public static SimpleType TimestampTz { get; } = new(TypeId.TimestampTz, "timestamptz");

    /// <summary>Type <c>timestamp_ns</c>.</summary>
    public static SimpleType TimestampNs { get; } = new(TypeId.TimestampNs, "timestamp_ns");

    /// <summary>Type <c>timestamptz_ns</c>.</summary>
    public static SimpleType TimestampTzNs { get; } = new(TypeId.TimestampTzNs, "timestamptz_ns");

    /// <summary>Type <c>string</c>.</summary>
    public static SimpleType String { get; } = new(TypeId.String, "string");

    /// <summary>Type <c>uuid</c>.</summary>
    public static SimpleType Uuid { get; } = new(TypeId.Uuid, "uuid");

    /// <summary>Type <c>binary</c>.</summary>
    public static SimpleType Binary { get; } = new(TypeId.Binary, "binary");

    /// <summary>Type <c>unknown</c>.</summary>
    public static SimpleType Unknown { get; } = new(TypeId.Unknown, "unknown");

    /// <summary>Type <c>variant</c>.</summary>
    public static SimpleType Variant { get; } = new(TypeId.Variant, "variant");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SimpleType> All { get; } =
    [
        Boolean, Int, Long, Float, Double, Date, Time, Timestamp, TimestampTz, TimestampNs, TimestampTzNs, String, Uuid, Binary, Unknown, Variant,
    ];

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Type <c>decimal(P,S)</c>: precision 1-38, scale 0-P.</summary>
public sealed record DecimalType(int Precision, int Scale) : IcebergType
{
    /// <summary>The largest precision of the specification.</summary>
    public const int MaxPrecision = 38;

    /// <inheritdoc/>
    public override TypeId Id => TypeId.Decimal;

    /// <inheritdoc/>
    public override string ToString() => $"decimal({Precision}, {Scale})";
}

/// <summary>Type <c>fixed[L]</c>: exactly <paramref name="Length"/> bytes.</summary>
public sealed record FixedType(int Length) : IcebergType
{
    /// <inheritdoc/>
    public override TypeId Id => TypeId.Fixed;

    /// <inheritdoc/>
    public override string ToString() => $"fixed[{Length}]";
}

/// <summary>Type <c>geometry(C)</c>: WKB values in coordinate reference system <paramref name="Crs"/>; null is the default OGC:CRS84.</summary>
public sealed record GeometryType(string? Crs = null) : IcebergType
{
    /// <inheritdoc/>
    public override TypeId Id => TypeId.Geometry;

    /// <inheritdoc/>
    public override string ToString() => Crs is null ? "geometry" : $"geometry({Crs})";
}

/// <summary>Type <c>geography(C, A)</c>; null parameters are the defaults OGC:CRS84 and spherical.</summary>
public sealed record GeographyType(string? Crs = null, string? Algorithm = null) : IcebergType
{
    /// <inheritdoc/>
    public override TypeId Id => TypeId.Geography;

    /// <inheritdoc/>
    public override string ToString() => (Crs, Algorithm) switch
    {
        (null, null) => "geography",
        (_, null) => $"geography({Crs})",
        _ => $"geography({Crs ?? "OGC:CRS84"}, {Algorithm})",
    };
}
