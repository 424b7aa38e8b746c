using System.Collections;
using System.Reflection;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Sql.Types;

namespace Tarn.Engine.Tests.Sql;

/// <summary>Shows a statement in one line: its type, and every part that is not empty, without the places in the text.</summary>
internal static class StatementDump
{
    public static string Of(string sql) => Of(SqlParser.Parse(sql));

    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        bool or int or TimeSpan or Enum => value.ToString()!,
        SqlText text => $"«{text.Text}»",
        QueryText query => $"«{query.Text}»",
        QualifiedName or SqlLiteral or SqlType or PartitionTransformText or SortFieldText => value.ToString()!,
        Property property => $"{property.Name}={property.Value}",
        Argument argument => argument.Name is null ? Of(argument.Value) : $"{argument.Name}=>{Of(argument.Value)}",
        IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<object>().Select(key => $"{key}={map[key]}"))}}}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Of))}]",
        _ => Record(value),
    };

    private static string Record(object value)
    {
        var parts = value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.Name is not ("Source" or "EqualityContract"))
            .Select(property => (property.Name, Value: property.GetValue(value)))
            .Where(part => part is not ("WithData", true) and not ("Matching", InsertMatching.ByPosition))
            .Where(part => part.Value is not (null or false or "") && part.Value is not ICollection { Count: 0 })
            .Select(part => $"{part.Name}: {Of(part.Value)}");
        return $"{value.GetType().Name.Replace("Statement", "", StringComparison.Ordinal)}({string.Join(", ", parts)})";
    }
}
