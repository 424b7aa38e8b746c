using System.Collections.Frozen;

namespace Tarn.Engine.Sql.Types;

/// <summary>The spellings of types that take no parameters, and what to write instead of types that Iceberg does not have.</summary>
internal static class TypeNames
{
    private static readonly PrimitiveSqlType Integer = new(SqlPrimitive.Integer);
    private static readonly PrimitiveSqlType Bigint = new(SqlPrimitive.Bigint);
    private static readonly TimestampSqlType Micros = new(WithTimeZone: false, Nanoseconds: false);
    private static readonly TimestampSqlType MicrosWithZone = new(WithTimeZone: true, Nanoseconds: false);

    public static readonly FrozenDictionary<string, SqlType> Simple = new Dictionary<string, SqlType>
    {
        ["boolean"] = new PrimitiveSqlType(SqlPrimitive.Boolean),
        ["bool"] = new PrimitiveSqlType(SqlPrimitive.Boolean),
        ["logical"] = new PrimitiveSqlType(SqlPrimitive.Boolean),
        ["tinyint"] = Integer,
        ["byte"] = Integer,
        ["int1"] = Integer,
        ["utinyint"] = Integer,
        ["smallint"] = Integer,
        ["short"] = Integer,
        ["int16"] = Integer,
        ["int32"] = Integer,
        ["uint8"] = Integer,
        ["uint16"] = Integer,
        ["int2"] = Integer,
        ["usmallint"] = Integer,
        ["int"] = Integer,
        ["integer"] = Integer,
        ["int4"] = Integer,
        ["signed"] = Integer,
        ["bigint"] = Bigint,
        ["long"] = Bigint,
        ["int8"] = Bigint,
        ["int64"] = Bigint,
        ["uint32"] = Bigint,
        ["uinteger"] = Bigint,
        ["real"] = new PrimitiveSqlType(SqlPrimitive.Real),
        ["float"] = new PrimitiveSqlType(SqlPrimitive.Real),
        ["float4"] = new PrimitiveSqlType(SqlPrimitive.Real),
        ["double"] = new PrimitiveSqlType(SqlPrimitive.Double),
        ["float8"] = new PrimitiveSqlType(SqlPrimitive.Double),
        ["date"] = new PrimitiveSqlType(SqlPrimitive.Date),
        ["uuid"] = new PrimitiveSqlType(SqlPrimitive.Uuid),
        ["varbinary"] = new PrimitiveSqlType(SqlPrimitive.Varbinary),
        ["blob"] = new PrimitiveSqlType(SqlPrimitive.Varbinary),
        ["bytea"] = new PrimitiveSqlType(SqlPrimitive.Varbinary),
        ["variant"] = new PrimitiveSqlType(SqlPrimitive.Variant),
        ["unknown"] = new PrimitiveSqlType(SqlPrimitive.Unknown),
        ["void"] = new PrimitiveSqlType(SqlPrimitive.Unknown),
        ["string"] = new VarcharSqlType(null),
        ["text"] = new VarcharSqlType(null),
        ["datetime"] = Micros,
        ["timestamp_ntz"] = Micros,
        ["timestamp_s"] = Micros,
        ["timestamp_ms"] = Micros,
        ["timestamp_us"] = Micros,
        ["timestamp_ltz"] = MicrosWithZone,
        ["timestamptz"] = MicrosWithZone,
        ["timestamp_ns"] = new TimestampSqlType(WithTimeZone: false, Nanoseconds: true),
        ["timestamptz_ns"] = new TimestampSqlType(WithTimeZone: true, Nanoseconds: true),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static readonly FrozenDictionary<string, string> Instead = new Dictionary<string, string>
    {
        ["ubigint"] = "decimal(20, 0) holds all its values",
        ["uint64"] = "decimal(20, 0) holds all its values",
        ["hugeint"] = "decimal(38, 0) holds the values up to 38 digits",
        ["uhugeint"] = "decimal(38, 0) holds the values up to 38 digits",
        ["int128"] = "decimal(38, 0) holds the values up to 38 digits",
        ["uint128"] = "decimal(38, 0) holds the values up to 38 digits",
        ["bignum"] = "decimal(38, 0) holds the values up to 38 digits",
        ["interval"] = "store a bigint of microseconds or a varchar",
        ["json"] = "use varchar, or variant in a table of version 3",
        ["jsonb"] = "use varchar, or variant in a table of version 3",
        ["enum"] = "use varchar",
        ["union"] = "use a struct with one field for each member",
        ["bit"] = "use boolean or varbinary",
        ["bitstring"] = "use varbinary",
        ["timetz"] = "use time, which has no zone",
        ["time_ns"] = "use time, in microseconds",
        ["oid"] = "use bigint",
        ["money"] = "use decimal(19, 4)",
        ["ipaddress"] = "use varchar",
        ["number"] = "use decimal(precision, scale)",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
