using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Iceberg.Scanning;

namespace Tarn.Engine.Planning;

/// <summary>Applies a time travel clause to a scan.</summary>
internal static class TimeTravel
{
    /// <summary>The scan of the version that the clause names; the scan itself without a clause.</summary>
    public static TableScan Apply(DuckDbConnection connection, TableScan scan, AtClause? at)
    {
        if (at is null)
            return scan;
        return at.Unit.Equals("TIMESTAMP", StringComparison.OrdinalIgnoreCase)
            ? AsOf(scan, Instant(connection, Written(at.Expression)))
            : Version(scan, ConstantExpression.Evaluate(connection, at.Expression));
    }

    private static object? Instant(DuckDbConnection connection, JsonElement expression)
    {
        try
        {
            return ConstantExpression.Evaluate(connection, expression, "TIMESTAMPTZ");
        }
        catch (DuckDbException error) when (error.Type == DuckDbErrorType.Conversion)
        {
            throw TarnException.Invalid($"A table cannot be read at time {ConstantExpression.Evaluate(connection, expression)}: give a timestamp, as TIMESTAMP '2026-01-31 12:00:00'.", error);
        }
    }

    // In Trino TIMESTAMP '2026-01-31 12:00 Europe/Vienna' names its zone; the engine's TIMESTAMP takes none, so the text itself is the instant.
    private static JsonElement Written(JsonElement time) =>
        time.GetProperty("class").GetString() == "CAST" && time.GetProperty("cast_type").GetProperty("id").GetString() == "TIMESTAMP" && time.GetProperty("child") is var text
        && text.GetProperty("class").GetString() == "CONSTANT" && text.GetProperty("value").GetProperty("type").GetProperty("id").GetString() == "VARCHAR" ? text : time;

    /// <summary>A snapshot by id, or the name of a branch or tag; a text that is no name but a number is an id.</summary>
    public static TableScan Version(TableScan scan, object? version) => version switch
    {
        string text when !scan.Metadata.Refs.ContainsKey(text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) => scan.UseSnapshot(id),
        string name => scan.UseRef(name),
        int or long or short or sbyte or Int128 or BigInteger when long.TryParse(version.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id) => scan.UseSnapshot(id),
        _ => throw TarnException.Invalid($"A table cannot be read at version {version ?? "NULL"}: give a snapshot id, or the name of a branch or tag in quotes."),
    };

    private static TableScan AsOf(TableScan scan, object? time) => time is DuckDbTimestamp { IsInfinite: false } instant
        ? scan.AsOf(DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Floor(instant.Value / 1000.0)))
        : throw TarnException.Invalid($"A table cannot be read at time {time ?? "NULL"}: give a timestamp.");
}
