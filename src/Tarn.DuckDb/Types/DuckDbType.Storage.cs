namespace Tarn.DuckDb.Types;

public sealed partial class DuckDbType
{
    /// <summary>
    /// Bytes that a value takes in the data of a vector: 16 for text and bytes (a reference) and for lists and maps (offset and length);
    /// 0 for types that live in child vectors only (STRUCT, ARRAY, UNION, VARIANT).
    /// </summary>
    public int StorageSize => Id switch
    {
        DuckDbTypeId.Boolean or DuckDbTypeId.TinyInt or DuckDbTypeId.UTinyInt or DuckDbTypeId.SqlNull => 1,
        DuckDbTypeId.SmallInt or DuckDbTypeId.USmallInt => 2,
        DuckDbTypeId.Integer or DuckDbTypeId.UInteger or DuckDbTypeId.Float or DuckDbTypeId.Date => 4,
        DuckDbTypeId.BigInt or DuckDbTypeId.UBigInt or DuckDbTypeId.Double => 8,
        DuckDbTypeId.Time or DuckDbTypeId.TimeNs or DuckDbTypeId.TimeTz => 8,
        DuckDbTypeId.Timestamp or DuckDbTypeId.TimestampS or DuckDbTypeId.TimestampMs or DuckDbTypeId.TimestampNs
            or DuckDbTypeId.TimestampTz => 8,
        DuckDbTypeId.HugeInt or DuckDbTypeId.UHugeInt or DuckDbTypeId.Uuid or DuckDbTypeId.Interval => 16,
        DuckDbTypeId.Varchar or DuckDbTypeId.Blob or DuckDbTypeId.Bit or DuckDbTypeId.BigNum or DuckDbTypeId.Geometry => 16,
        DuckDbTypeId.List or DuckDbTypeId.Map => 16,
        DuckDbTypeId.Decimal => Width switch { <= 4 => 2, <= 9 => 4, <= 18 => 8, _ => 16 },
        DuckDbTypeId.Enum => EnumValues.Count switch { <= byte.MaxValue => 1, <= ushort.MaxValue => 2, _ => 4 },
        _ => 0,
    };

    /// <summary>True when a value is stored as a reference to bytes: VARCHAR, BLOB, BIT, BIGNUM, GEOMETRY.</summary>
    public bool IsByteString => Id is DuckDbTypeId.Varchar or DuckDbTypeId.Blob or DuckDbTypeId.Bit or DuckDbTypeId.BigNum
        or DuckDbTypeId.Geometry;
}
