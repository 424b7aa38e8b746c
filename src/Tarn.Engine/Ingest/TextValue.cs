using System.Globalization;
using Tarn.Engine.Functions;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>
/// SQL that turns text into values of a type and loses nothing: what a cast would accept but change (leading zeros, a fraction for an
/// integer, a time for a date, digits beyond the precision) does not fit.
/// </summary>
internal static class TextValue
{
    private const int MicroDigits = 6, NanoDigits = 9;

    /// <summary>The value of a text; an error when it does not fit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="type">The type.</param>
    /// <param name="closely">The text for those that are looked at closely, where it costs more: NULL for some that are no value; null for the same.</param>
    public static string Convert(string text, IcebergType type, string? closely = null)
    {
        closely ??= text;
        if (type.Id == TypeId.String)
            return text;
        if (type.Id == TypeId.Binary)
            return $"CASE WHEN {HexText.IsBad(text)} THEN error('value does not fit: ' || {text}) ELSE {HexText.Bytes(text)} END";
        string thorough = $"CASE WHEN {Misfit(closely, type)} THEN error('value does not fit: ' || {closely}) ELSE {closely}::{EngineType.Of(type)} END";
        // Nearly all values are plain: only the rest is looked at closely.
        return PlainTextFunctions.Call(text, type) is { } plain ? $"coalesce({plain}, {thorough})" : thorough;
    }

    /// <summary>True for texts that are no value of the type; null or false for all others.</summary>
    public static string IsBad(string text, IcebergType type)
    {
        if (type.Id == TypeId.String)
            return "false";
        if (type.Id == TypeId.Binary)
            return HexText.IsBad(text);
        string thorough = $"({text} IS NOT NULL AND (try_cast({text} AS {EngineType.Of(type)}) IS NULL OR {Misfit(text, type)}))";
        return PlainTextFunctions.Call(text, type) is { } plain ? $"CASE WHEN {plain} IS NULL THEN {thorough} ELSE false END" : thorough;
    }

    /// <summary>True for texts that a cast accepts and changes.</summary>
    internal static string Misfit(string text, IcebergType type) => (type, type.Id) switch
    {
        (DecimalType d, _) => string.Create(CultureInfo.InvariantCulture, $"NOT regexp_full_match({text}, '\\s*[+-]?[0-9]*([.][0-9]{{0,{d.Scale}}}0*)?\\s*')"),
        // The comparison is cheap and true for nearly all; only the rest goes through the pattern.
        (_, TypeId.Int or TypeId.Long) => $"(try_cast({text} AS BIGINT)::VARCHAR <> {text} AND NOT regexp_full_match({text}, '\\s*[+-]?(0|[1-9][0-9]*)\\s*'))",
        (_, TypeId.Float or TypeId.Double) => $"(({text} >= '00' AND {text} < '0:') OR ({text} >= '-00' AND {text} < '-0:') OR NOT {PlainTextFunctions.Fits(text, type)})",
        (_, TypeId.Date) => $"(length({text}) > 10 OR {text} >= ':' OR {IsReadAsForeign(text, type)})",
        (_, TypeId.Time) => $"(length({text}) > 15 OR {HasMoreDigits(text, MicroDigits)} OR {IsReadAsForeign(text, type)})",
        (_, TypeId.Timestamp) => $"(length({text}) > 26 OR {text} >= ':' OR {HasZone(text)} OR {HasMoreDigits(text, MicroDigits)} OR {IsReadAsForeign(text, type)})",
        (_, TypeId.TimestampNs) => $"({text} >= ':' OR {HasZone(text)} OR {HasMoreDigits(text, NanoDigits)} OR {IsReadAsForeign(text, type)})",
        (_, TypeId.TimestampTz) => $"({text} >= ':' OR {HasMoreDigits(text, MicroDigits)} OR NOT ({HasZone(text)} OR contains({text}, 'UTC')))",
        (_, TypeId.TimestampTzNs) => $"({text} >= ':' OR {HasMoreDigits(text, NanoDigits)} OR NOT ({HasZone(text)} OR contains({text}, 'UTC')))",
        (_, TypeId.Boolean) => $"lower({text}) NOT IN ('true', 'false')",
        _ => "false",
    };

    /// <summary>True for values of the engine that the type does not have: days without end, and the 24:00 with which a day ends; NULL for NULL. Null for a type that has all.</summary>
    internal static string? Foreign(string value, IcebergType type) => type.Id switch
    {
        TypeId.Date or TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs or TypeId.TimestampTzNs => $"({value} IN ('infinity'::{EngineType.Of(type)}, '-infinity'::{EngineType.Of(type)}))",
        TypeId.Time => $"({value} >= '24:00:00'::TIME)",
        _ => null,
    };

    private static string IsReadAsForeign(string text, IcebergType type) => $"coalesce({Foreign($"try_cast({text} AS {EngineType.Of(type)})", type)}, false)";

    private static string HasZone(string text) => $"({text} LIKE '%Z' OR contains({text}, '+') OR contains(substr({text}, 12), '-'))";

    // The cast cuts them.
    private static string HasMoreDigits(string text, int digits) => string.Create(CultureInfo.InvariantCulture, $"(contains({text}, '.') AND regexp_matches({text}, '[.][0-9]{{{digits}}}[0-9]*[1-9]'))");
}
