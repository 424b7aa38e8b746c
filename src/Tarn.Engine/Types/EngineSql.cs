using System.Globalization;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Types;

/// <summary>Writes identifiers and values as SQL text of the embedded engine.</summary>
public static class EngineSql
{
    /// <summary>A quoted identifier.</summary>
    public static string Identifier(string name) => SqlPrinter.QuoteIdentifier(name);

    /// <summary>A quoted string literal.</summary>
    public static string String(string value) => SqlPrinter.QuoteLiteral(value);

    /// <summary>A literal of a value in the representation of <see cref="Iceberg.Spec.LiteralValue"/>, typed.</summary>
    public static string Literal(object? value, IcebergType type) => value is null ? $"NULL::{EngineType.Of(type)}" : type switch
    {
        StructType s => $"struct_pack({string.Join(", ", s.Fields.Zip((object?[])value, (f, v) => $"{Identifier(f.Name)} := {Literal(v, f.Type)}"))})",
        ListType l => $"list_value({string.Join(", ", ((object?[])value).Select(v => Literal(v, l.Element.Type)))})::{EngineType.Of(type)}",
        MapType m => $"map_from_entries(list_value({string.Join(", ", ((object?[])value).Cast<object?[]>().Select(e => $"struct_pack(key := {Literal(e[0], m.Key.Type)}, value := {Literal(e[1], m.Value.Type)})"))}))",
        _ => $"{Primitive(value, type)}::{EngineType.Of(type)}",
    };

    private static string Primitive(object value, IcebergType type) => (type.Id, value) switch
    {
        (TypeId.Date, int days) => $"(DATE '1970-01-01' + {days})",
        (TypeId.Time, long micros) => $"make_time({micros / 3_600_000_000}, {micros / 60_000_000 % 60}, {(micros % 60_000_000 / 1_000_000m).ToString(CultureInfo.InvariantCulture)})",
        (TypeId.Timestamp, long micros) => $"make_timestamp({micros})",
        (TypeId.TimestampTz, long micros) => $"make_timestamptz({micros})",
        (TypeId.TimestampNs or TypeId.TimestampTzNs, long nanos) => $"make_timestamp_ns({nanos})",
        (_, bool b) => b ? "true" : "false",
        (_, int or long) => $"({Convert.ToString(value, CultureInfo.InvariantCulture)})",
        (_, float f) => $"'{Floating(f.ToString("R", CultureInfo.InvariantCulture))}'",
        (_, double d) => $"'{Floating(d.ToString("R", CultureInfo.InvariantCulture))}'",
        (_, Decimal38 d) => $"'{d}'",
        (_, string s) => String(s),
        (_, Guid g) => $"'{g}'",
        (_, byte[] bytes) => Blob(bytes),
        _ => throw new TarnException(ErrorKind.Internal, $"A {value.GetType().Name} is no value of type {type}."),
    };

    private static string Floating(string text) => text switch
    {
        "∞" or "Infinity" => "Infinity",
        "-∞" or "-Infinity" => "-Infinity",
        _ => text,
    };

    private static string Blob(byte[] bytes)
    {
        var text = new StringBuilder("'");
        foreach (byte b in bytes)
            text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
        return text.Append('\'').ToString();
    }
}
