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
    /// <summary>The value of a text; an error when it does not fit.</summary>
    public static string Convert(string text, IcebergType type)
    {
        if (type.Id == TypeId.String)
            return text;
        string thorough = $"CASE WHEN {Misfit(text, type)} THEN error('value does not fit: ' || {text}) ELSE {text}::{EngineType.Of(type)} END";
        // Nearly all values are plain: only the rest is looked at closely.
        return PlainTextFunctions.Call(text, type) is { } plain ? $"coalesce({plain}, {thorough})" : thorough;
    }

    /// <summary>True for texts that are no value of the type; null or false for all others.</summary>
    public static string IsBad(string text, IcebergType type)
    {
        if (type.Id == TypeId.String)
            return "false";
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
        (_, TypeId.Date) => $"(length({text}) > 10 OR {text} >= ':')",
        (_, TypeId.Time) => $"(length({text}) > 15 OR {HasNanos(text)})",
        (_, TypeId.Timestamp) => $"(length({text}) > 26 OR {text} >= ':' OR {text} LIKE '%Z' OR contains({text}, '+') OR contains(substr({text}, 12), '-') OR {HasNanos(text)})",
        (_, TypeId.TimestampTz) => $"({text} >= ':' OR {HasNanos(text)} OR NOT ({text} LIKE '%Z' OR contains({text}, '+') OR contains(substr({text}, 12), '-') OR contains({text}, 'UTC')))",
        (_, TypeId.Boolean) => $"lower({text}) NOT IN ('true', 'false')",
        _ => "false",
    };

    /// <summary>True for times with more digits than microseconds have; the cast cuts them.</summary>
    internal static string HasNanos(string text) => $"(contains({text}, '.') AND regexp_matches({text}, '[.][0-9]{{6}}[0-9]*[1-9]'))";
}
