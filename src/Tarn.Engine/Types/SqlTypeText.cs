using System.Globalization;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Types;

/// <summary>Iceberg types as CREATE TABLE writes them, in Trino's spelling.</summary>
internal static class SqlTypeText
{
    /// <summary>The type's text; reads back as the same type.</summary>
    public static string Of(IcebergType type) => type switch
    {
        DecimalType d => string.Create(CultureInfo.InvariantCulture, $"decimal({d.Precision}, {d.Scale})"),
        FixedType f => string.Create(CultureInfo.InvariantCulture, $"fixed({f.Length})"),
        StructType s => $"row({string.Join(", ", s.Fields.Select(f => $"{SqlPrinter.Identifier(f.Name)} {Of(f.Type)}"))})",
        ListType l => $"array({Of(l.Element.Type)})",
        MapType m => $"map({Of(m.Key.Type)}, {Of(m.Value.Type)})",
        _ => type.Id switch
        {
            TypeId.Int => "integer",
            TypeId.Long => "bigint",
            TypeId.Float => "real",
            TypeId.Time => "time(6)",
            TypeId.Timestamp => "timestamp(6)",
            TypeId.TimestampTz => "timestamp(6) with time zone",
            TypeId.TimestampNs => "timestamp(9)",
            TypeId.TimestampTzNs => "timestamp(9) with time zone",
            TypeId.String => "varchar",
            TypeId.Binary => "varbinary",
            _ => type.ToString()!,
        },
    };
}
