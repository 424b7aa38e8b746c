using System.Globalization;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Catalog.Hive.Conversion;

/// <summary>Types of Iceberg in Hive's words, as Iceberg's HiveSchemaUtil writes them. What Hive has no type for is text or bytes.</summary>
internal static class HiveTypes
{
    // Serialization constants of Hive (serdeConstants), without what is nested or has parameters.
    private static readonly string[] s_names =
    [
        "void", "boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "string", "varchar", "char", "date", "datetime", "timestamp",
        "timestamp with local time zone", "timestamp with time zone", "timestamplocaltz", "interval_year_month", "interval_day_time", "decimal", "binary",
        "array", "map", "struct", "uniontype",
    ];

    /// <summary>The type of a column.</summary>
    public static string Of(IcebergType type) => type switch
    {
        SimpleType simple => OfSimple(simple),
        DecimalType number => string.Create(CultureInfo.InvariantCulture, $"decimal({number.Precision},{number.Scale})"),
        FixedType => "binary",
        StructType record => $"struct<{string.Join(',', record.Fields.Select(f => $"{f.Name}:{Of(f.Type)}"))}>",
        ListType list => $"array<{Of(list.Element.Type)}>",
        MapType map => $"map<{Of(map.Key.Type)},{Of(map.Value.Type)}>",
        _ => "binary",
    };

    /// <summary>The columns of a schema.</summary>
    public static IReadOnlyList<Protocol.FieldSchema> Columns(Schema schema) =>
        [.. schema.Fields.Select(f => new Protocol.FieldSchema(f.Name, Of(f.Type), f.Doc))];

    /// <summary>Whether a text begins as a type of Hive. Names of types are lower case; what stands in brackets is not looked at.</summary>
    public static bool IsValid(string type)
    {
        int end = type.AsSpan().IndexOfAny('(', '<');
        return s_names.Contains(end < 0 ? type : type[..end], StringComparer.Ordinal);
    }

    private static string OfSimple(SimpleType type) => type.Id switch
    {
        TypeId.Boolean => "boolean",
        TypeId.Int => "int",
        TypeId.Long => "bigint",
        TypeId.Float => "float",
        TypeId.Double => "double",
        TypeId.Date => "date",
        TypeId.Timestamp or TypeId.TimestampNs => "timestamp",
        TypeId.TimestampTz or TypeId.TimestampTzNs => "timestamp with local time zone",
        TypeId.Binary or TypeId.Variant => "binary",
        TypeId.Unknown => "void",
        _ => "string", // string, time, uuid
    };
}
