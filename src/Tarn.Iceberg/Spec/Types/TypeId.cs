namespace Tarn.Iceberg.Spec.Types;

/// <summary>The types of the specification; from <see cref="Unknown"/> on they need format version 3, except the nested ones.</summary>
public enum TypeId
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>32-bit signed integer.</summary>
    Int,

    /// <summary>64-bit signed integer.</summary>
    Long,

    /// <summary>32-bit IEEE 754.</summary>
    Float,

    /// <summary>64-bit IEEE 754.</summary>
    Double,

    /// <summary>Fixed-point decimal of precision 1-38.</summary>
    Decimal,

    /// <summary>Calendar date.</summary>
    Date,

    /// <summary>Time of day in microseconds.</summary>
    Time,

    /// <summary>Timestamp in microseconds without zone.</summary>
    Timestamp,

    /// <summary>Timestamp in microseconds, an instant in UTC.</summary>
    TimestampTz,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>Universally unique identifier.</summary>
    Uuid,

    /// <summary>Bytes of a fixed length.</summary>
    Fixed,

    /// <summary>Bytes of any length.</summary>
    Binary,

    /// <summary>Struct of named fields.</summary>
    Struct,

    /// <summary>List of elements.</summary>
    List,

    /// <summary>Map of keys to values.</summary>
    Map,

    /// <summary>Only null; readable as any type later. Version 3.</summary>
    Unknown,

    /// <summary>Timestamp in nanoseconds without zone. Version 3.</summary>
    TimestampNs,

    /// <summary>Timestamp in nanoseconds, an instant in UTC. Version 3.</summary>
    TimestampTzNs,

    /// <summary>Semi-structured value. Version 3.</summary>
    Variant,

    /// <summary>Geospatial features with linear edges. Version 3.</summary>
    Geometry,

    /// <summary>Geospatial features on a sphere. Version 3.</summary>
    Geography,
}
