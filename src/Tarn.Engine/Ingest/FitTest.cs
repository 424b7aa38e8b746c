using System.Globalization;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>SQL that finds, at one place inside of a column, values that the table cannot hold.</summary>
/// <param name="Path">The place.</param>
/// <param name="IsBad">True for a value there that is one of them; null or false for all others.</param>
/// <param name="Sentence">From the name of the column and such a value, what is wrong with it: <c>column 'a.id': 'x' is no integer</c>.</param>
internal sealed record FitTest(InnerPath Path, Func<string, string> IsBad, Func<string, string, string> Sentence)
{
    /// <summary>What is said of a value inside of a struct for which the table has no field, behind its text.</summary>
    public const string NoSuchField = "is of a field that the table's column does not have";

    // A rejected row is kept beside it as a whole.
    private const int ShownCharacters = 120;

    /// <summary>A test for values that are none of a type.</summary>
    public static FitTest IsNo(IcebergType type, InnerPath path, Func<string, string> isBad) => new(path, isBad, (column, value) => Said(column + path.Name, value, $"is no {SqlTypeText.Of(type)}"));

    /// <summary>A test for fields that the table does not have.</summary>
    public static FitTest IsUnknownField(InnerPath path) => new(path, IsThere, (column, value) => Said(column + path.Name, value, NoSuchField));

    /// <summary>Tests for elements, keys or values that are missing although they are required.</summary>
    public static IEnumerable<FitTest> Missing(NestedField field, InnerPath path) => field.Required ? [new(path, value => $"({value} IS NULL)", (column, _) => NoValue(column, path.Name))] : [];

    /// <summary>A test for a required field that is missing in a struct.</summary>
    /// <param name="field">The field.</param>
    /// <param name="source">The same in the source; null when it has none.</param>
    /// <param name="path">The struct.</param>
    public static FitTest MissingField(NestedField field, NestedField? source, InnerPath path) => new(
        path, value => source is null ? IsThere(value) : $"({value} IS NOT NULL AND struct_extract({value}, {EngineSql.String(source.Name)}) IS NULL)", (column, _) => NoValue(column, path.Field(field.Name).Name));

    /// <summary>A test for maps of which two entries have one key, which would lose one of them.</summary>
    /// <param name="path">The list of entries.</param>
    /// <param name="key">The key of the table for a key of the source, NULL when it is none.</param>
    public static FitTest DoubleKey(InnerPath path, Func<string, string> key)
    {
        return new(path, value => $"(list_unique({Keys(value)}) < list_aggregate({Keys(value)}, 'count'))", (column, value) => Said(column + path.EntryKey().Name, Second(Keys(value)), "is the key of two entries of one map"));
        string Keys(string entries) => MapEntries.Each(entries, e => key($"{e}.key"));
        static string Second(string keys) => $"list_filter({keys}, lambda __tarn_key, __tarn_at: list_position({keys}, __tarn_key) < __tarn_at)[1]";
    }

    /// <summary>The sentence about a value.</summary>
    /// <param name="place">The column, or the place inside of it.</param>
    /// <param name="value">Expression of the value.</param>
    /// <param name="reason">What is wrong with it, behind its text.</param>
    public static string Said(string place, string value, string reason) => string.Create(
        CultureInfo.InvariantCulture,
        $"{EngineSql.String($"column '{place}': '")} || left({value}::VARCHAR, {ShownCharacters}) || CASE WHEN length({value}::VARCHAR) > {ShownCharacters} THEN '…' ELSE '' END || {EngineSql.String($"' {reason}")}");

    /// <summary>True for all values but NULL.</summary>
    public static string IsThere(string value) => $"({value} IS NOT NULL)";

    /// <summary>True for a value of the column when one at the place is bad; false for all others.</summary>
    public string IsAnyBad(string column) => $"coalesce({Path.Sql(column, "bool_or", IsBad)}, false)";

    /// <summary>As much of a text as is shown.</summary>
    public static string Shown(string text) => text.Length > ShownCharacters ? text[..ShownCharacters] + "…" : text;

    private static string NoValue(string column, string path) => EngineSql.String($"column '{column}{path}': no value, and it is NOT NULL");
}
