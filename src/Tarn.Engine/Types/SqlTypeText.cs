using System.Globalization;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Types;

/// <summary>Iceberg types as CREATE TABLE writes them, in Trino's spelling.</summary>
internal static class SqlTypeText
{
    /// <summary>The type's text; reads back as the same type, but for what fields of structs require and say.</summary>
    public static string Of(IcebergType type) => Of(type, _ => "");

    /// <summary>The type's text, with NOT NULL and COMMENT of the fields of structs.</summary>
    public static string OfDefinition(IcebergType type) => Of(type, f => $"{(f.Required ? " NOT NULL" : "")}{(f.Doc is { Length: > 0 } doc ? $" COMMENT {SqlPrinter.QuoteLiteral(doc)}" : "")}");

    private static string Of(IcebergType type, Func<NestedField, string> behind) => type switch
    {
        DecimalType d => string.Create(CultureInfo.InvariantCulture, $"decimal({d.Precision}, {d.Scale})"),
        FixedType f => string.Create(CultureInfo.InvariantCulture, $"fixed({f.Length})"),
        StructType s => $"row({string.Join(", ", s.Fields.Select(f => $"{SqlPrinter.Identifier(f.Name)} {Of(f.Type, behind)}{behind(f)}"))})",
        ListType l => $"array({Of(l.Element.Type, behind)})",
        MapType m => $"map({Of(m.Key.Type, behind)}, {Of(m.Value.Type, behind)})",
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
