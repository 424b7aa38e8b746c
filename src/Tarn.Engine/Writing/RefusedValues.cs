using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Writing;

/// <summary>
/// Refuses, row by row, what a schema does not allow and the statistics of a written file do not tell: values of columns and fields of type <c>unknown</c>, nulls
/// of required structs, lists and maps and of required fields inside of them, and values without a partition. Nothing is added to the query of a table that has no
/// such columns.
/// </summary>
internal static class RefusedValues
{
    // Tells refusals from other errors of a query.
    private const string Mark = "__tarn_refused ";

    private const string Nothing = "Nothing was written.";

    private const string OnlyNull = "is of type unknown, which holds no value but NULL, and a row gives it one";

    private const string GiveType = "Give NULL, or give the column a type first: ALTER TABLE … ALTER COLUMN … SET DATA TYPE …";

    /// <summary>The refusal in a message of the engine, or null.</summary>
    public static string? Find(string message) => message.IndexOf(Mark, StringComparison.Ordinal) is var at and >= 0 ? message[(at + Mark.Length)..].Split("\n\nLINE ")[0] : null;

    /// <summary>A condition that holds where a column of type <c>unknown</c> is null, and refuses all else.</summary>
    /// <param name="path">The column.</param>
    /// <param name="value">Expression of the value.</param>
    public static string Unknown(string path, string value) =>
        $"CASE WHEN {value} IS NULL THEN true ELSE error({EngineSql.String($"{Mark}Column '{path}' {OnlyNull} of type ")} || typeof({value}) || {EngineSql.String($". {Nothing} {GiveType}")}) END";

    /// <summary>The key of a partition, unless the value has none.</summary>
    /// <param name="limit">What the partition field takes.</param>
    /// <param name="value">Expression of the value.</param>
    /// <param name="key">Expression of the key.</param>
    public static string Partitioned(PartitionLimit limit, string value, string key) =>
        $"CASE WHEN {limit.IsOutside(value)} THEN error({EngineSql.String($"{Mark}Column '{limit.Column}': ")} || {value}::VARCHAR || {EngineSql.String($" {limit.Rule}. {Nothing} Leave such rows out, {limit.WayOut}.")}) ELSE {key} END";

    /// <summary>The value of a column, unless it breaks a rule.</summary>
    /// <param name="column">The column.</param>
    /// <param name="value">Expression of the value, in the column's type.</param>
    public static string Checked(NestedField column, string value)
    {
        string[] refusals = [.. Rules(column, column.Name, value, 0).Select(r => $"WHEN {r.Broken} THEN error({EngineSql.String($"{Mark}Column '{r.Path}' {r.Sentence}")})")];
        return refusals.Length == 0 ? value : $"CASE {string.Join(' ', refusals)} ELSE {value} END";
    }

    private sealed record Rule(string Path, string Broken, string Sentence);

    // Nulls of a column that holds no other values are counted in the file (ColumnMetrics).
    private static IEnumerable<Rule> Rules(NestedField field, string path, string value, int depth) =>
    [
        .. field.Required && !(depth == 0 && field.Type.IsPrimitive) ? [new Rule(path, $"{value} IS NULL", $"is NOT NULL, but a row has no value for it. {Nothing} Filter such rows out, or give a value.")] : (Rule[])[],
        .. field.Type.Id == TypeId.Unknown ? [new Rule(path, $"{value} IS NOT NULL", $"{OnlyNull}. {Nothing} {GiveType}")] : (Rule[])[],
        .. Inside(field.Type, path, value, depth),
    ];

    // What lies in a value that is null breaks no rule: a condition over it is null.
    private static IEnumerable<Rule> Inside(IcebergType type, string path, string value, int depth) => type switch
    {
        StructType s => s.Fields.SelectMany(f => Rules(f, $"{path}.{f.Name}", $"{value}.{EngineSql.Identifier(f.Name)}", depth + 1)).Select(r => r with { Broken = $"{value} IS NOT NULL AND {r.Broken}" }),
        ListType l => Items(l.Element, $"{path}.element", value, depth),
        MapType m => [.. Items(m.Key, $"{path}.key", $"map_keys({value})", depth), .. Items(m.Value, $"{path}.value", $"map_values({value})", depth)],
        _ => [],
    };

    private static IEnumerable<Rule> Items(NestedField item, string path, string list, int depth)
    {
        string name = $"__tarn_e{depth}";
        return Rules(item, path, name, depth + 1).Select(r => r with { Broken = $"len(list_filter({list}, lambda {name}: {r.Broken})) > 0" });
    }
}
