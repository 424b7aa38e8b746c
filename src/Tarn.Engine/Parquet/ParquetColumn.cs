namespace Tarn.Engine.Parquet;

/// <summary>Physical types of Parquet (parquet.thrift, <c>Type</c>).</summary>
public enum ParquetPhysicalType
{
    /// <summary>One bit.</summary>
    Boolean = 0,

    /// <summary>32-bit integer.</summary>
    Int32 = 1,

    /// <summary>64-bit integer.</summary>
    Int64 = 2,

    /// <summary>96-bit legacy timestamp.</summary>
    Int96 = 3,

    /// <summary>32-bit float.</summary>
    Float = 4,

    /// <summary>64-bit float.</summary>
    Double = 5,

    /// <summary>Bytes of any length.</summary>
    ByteArray = 6,

    /// <summary>Bytes of a fixed length.</summary>
    FixedLenByteArray = 7,
}

/// <summary>What the annotation of a column (logical or converted type) says.</summary>
public enum ParquetAnnotation
{
    /// <summary>Nothing, or something without meaning here.</summary>
    None,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>Map.</summary>
    Map,

    /// <summary>List.</summary>
    List,

    /// <summary>Text of an enumeration.</summary>
    Enum,

    /// <summary>Decimal.</summary>
    Decimal,

    /// <summary>Days.</summary>
    Date,

    /// <summary>Time of day in milliseconds.</summary>
    TimeMillis,

    /// <summary>Time of day in microseconds.</summary>
    TimeMicros,

    /// <summary>Time of day in nanoseconds.</summary>
    TimeNanos,

    /// <summary>Timestamp in milliseconds.</summary>
    TimestampMillis,

    /// <summary>Timestamp in microseconds.</summary>
    TimestampMicros,

    /// <summary>Timestamp in nanoseconds.</summary>
    TimestampNanos,

    /// <summary>Integer of another width or without sign.</summary>
    Integer,

    /// <summary>Always null.</summary>
    Unknown,

    /// <summary>JSON text.</summary>
    Json,

    /// <summary>UUID.</summary>
    Uuid,

    /// <summary>Half-precision float.</summary>
    Float16,

    /// <summary>Variant.</summary>
    Variant,

    /// <summary>Geometry or geography.</summary>
    Geospatial,
}

/// <summary>A node of a Parquet file's schema.</summary>
public sealed record ParquetColumn
{
    /// <summary>Name in the file.</summary>
    public required string Name { get; init; }

    /// <summary>Iceberg field id, or null when the file has none here.</summary>
    public int? FieldId { get; init; }

    /// <summary>Null for groups.</summary>
    public ParquetPhysicalType? PhysicalType { get; init; }

    /// <summary>True for repeated nodes.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Length of fixed-length bytes.</summary>
    public int TypeLength { get; init; }

    /// <summary>Annotation.</summary>
    public ParquetAnnotation Annotation { get; init; }

    /// <summary>True for times and timestamps adjusted to UTC.</summary>
    public bool IsAdjustedToUtc { get; init; }

    /// <summary>True for a column of instants in the data file, whose annotation was changed in a copy of it.</summary>
    public bool WasAdjustedToUtc { get; init; }

    /// <summary>Offset in the footer of the byte whose low nibble says <see cref="IsAdjustedToUtc"/>; -1 when there is none.</summary>
    public int UtcFlagOffset { get; init; } = -1;

    /// <summary>Offset in the footer of the byte that says that the column is a variant; -1 when it is none.</summary>
    public int VariantTagOffset { get; init; } = -1;

    /// <summary>Bits of an annotated integer.</summary>
    public int BitWidth { get; init; }

    /// <summary>Sign of an annotated integer.</summary>
    public bool IsSigned { get; init; } = true;

    /// <summary>Decimal precision.</summary>
    public int Precision { get; init; }

    /// <summary>Decimal scale.</summary>
    public int Scale { get; init; }

    /// <summary>Children of a group.</summary>
    public IReadOnlyList<ParquetColumn> Children { get; init; } = [];

    /// <summary>True for a node with children.</summary>
    public bool IsGroup => PhysicalType is null;
}
