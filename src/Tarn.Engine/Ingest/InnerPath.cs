using System.Collections.Immutable;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>The way from a column to values inside of it.</summary>
/// <param name="Name">As it is told: <c>.id</c>, <c>.tags.element</c>; empty for the column itself.</param>
/// <param name="Steps">From the outside inwards.</param>
internal sealed record InnerPath(string Name, ImmutableArray<InnerPath.Step> Steps)
{
    /// <summary>Wraps the list of the values behind a step into an expression for one of them, or gives the one value.</summary>
    /// <param name="Value">The value, or list of values, from the value before it.</param>
    /// <param name="IsList">Whether there are many.</param>
    internal readonly record struct Step(Func<string, string> Value, bool IsList);

    /// <summary>The column itself.</summary>
    public static InnerPath Column { get; } = new("", []);

    /// <summary>To a field of a struct.</summary>
    public InnerPath Field(string name) => Then(name, new Step(value => $"struct_extract({value}, {EngineSql.String(name)})", IsList: false));

    /// <summary>To the elements of a list.</summary>
    public InnerPath Element() => Then("element", new Step(value => value, IsList: true));

    /// <summary>To the keys of a map.</summary>
    public InnerPath Key() => Then("key", new Step(value => $"map_keys({value})", IsList: true));

    /// <summary>To the values of a map.</summary>
    public InnerPath Value() => Then("value", new Step(value => $"map_values({value})", IsList: true));

    /// <summary>To the keys of a list of <see cref="MapEntries"/>.</summary>
    public InnerPath EntryKey() => Then("key", new Step(value => MapEntries.Each(value, e => $"{e}.key"), IsList: true));

    /// <summary>To the values of a list of <see cref="MapEntries"/>.</summary>
    public InnerPath EntryValue() => Then("value", new Step(value => MapEntries.Each(value, e => $"{e}.value"), IsList: true));

    /// <summary>All values of a type that hold no others, with their paths.</summary>
    public static IEnumerable<(InnerPath Path, IcebergType Type)> Of(IcebergType type) => Of(type, Column);

    /// <summary>The type with these types of the values that hold no others, in the order of <see cref="Of(IcebergType)"/>.</summary>
    public static IcebergType Replace(IcebergType type, IReadOnlyList<IcebergType> with)
    {
        int next = 0;
        return Replace(type, _ => with[next++]);
    }

    /// <summary>The type with other types of the values that hold no others; asked in the order of <see cref="Of(IcebergType)"/>.</summary>
    public static IcebergType Replace(IcebergType type, Func<IcebergType, IcebergType> with) => type switch
    {
        StructType s => new StructType([.. s.Fields.Select(f => f with { Type = Replace(f.Type, with) })]),
        ListType l => new ListType(l.Element with { Type = Replace(l.Element.Type, with) }),
        MapType m => new MapType(m.Key with { Type = Replace(m.Key.Type, with) }, m.Value with { Type = Replace(m.Value.Type, with) }),
        _ => with(type),
    };

    /// <summary>An expression over all values at the end of the path.</summary>
    /// <param name="column">The column's value.</param>
    /// <param name="aggregate">What becomes of the results of several: <c>bool_or</c>, <c>any_value</c>.</param>
    /// <param name="of">The expression for one.</param>
    public string Sql(string column, string aggregate, Func<string, string> of) => Sql(column, 0, aggregate, of);

    private static IEnumerable<(InnerPath Path, IcebergType Type)> Of(IcebergType type, InnerPath path) => type switch
    {
        StructType s => s.Fields.SelectMany(f => Of(f.Type, path.Field(f.Name))),
        ListType l => Of(l.Element.Type, path.Element()),
        MapType m => Of(m.Key.Type, path.Key()).Concat(Of(m.Value.Type, path.Value())),
        _ => [(path, type)],
    };

    private InnerPath Then(string name, Step step) => new($"{Name}.{name}", Steps.Add(step));

    private string Sql(string value, int at, string aggregate, Func<string, string> of)
    {
        if (at == Steps.Length)
            return of(value);
        string next = Steps[at].Value(value);
        string item = $"__tarn_item_{at}";
        return Steps[at].IsList
            ? $"list_aggregate(list_transform({next}, lambda {item}: {Sql(item, at + 1, aggregate, of)}), '{aggregate}')"
            : Sql(next, at + 1, aggregate, of);
    }
}
