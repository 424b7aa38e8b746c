using Tarn.Core.Errors;
using Tarn.DuckDb.Types;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Execution;

/// <summary>Refuses rows whose structs have fields that those of the table have not: the engine's casts would leave them out.</summary>
internal static class LostFields
{
    /// <summary>Compares the columns of a query with those into which they go.</summary>
    /// <param name="schema">Schema of the table.</param>
    /// <param name="targets">From the id of a column to its place in <paramref name="given"/>.</param>
    /// <param name="given">Types of the columns of the query, as it gives them itself.</param>
    /// <exception cref="TarnException">InvalidRequest naming the field.</exception>
    public static void Refuse(Schema schema, IReadOnlyDictionary<int, int> targets, IReadOnlyList<DuckDbType> given)
    {
        foreach (var field in schema.Fields)
        {
            if (targets.TryGetValue(field.Id, out int position) && position < given.Count)
                Refuse(field.Name, field.Type, given[position]);
        }
    }

    private static void Refuse(string path, IcebergType type, DuckDbType given)
    {
        switch (type)
        {
            case StructType s when given.Id == DuckDbTypeId.Struct:
                // A row without names goes in by position.
                foreach (var member in given.Children.Where(c => c.Name.Length > 0))
                    Refuse($"{path}.{member.Name}", FieldOf(s, path, member.Name), member.Type);
                break;
            case ListType l when given.Id is DuckDbTypeId.List or DuckDbTypeId.Array:
                Refuse($"{path}.element", l.Element.Type, given.Element);
                break;
            case MapType m when given.Id == DuckDbTypeId.Map:
                Refuse($"{path}.key", m.Key.Type, given.Children[0].Type);
                Refuse($"{path}.value", m.Value.Type, given.Children[1].Type);
                break;
        }
    }

    private static IcebergType FieldOf(StructType type, string path, string name) => type.FieldOfAnyCase(name)?.Type
        ?? throw TarnException.Invalid($"'{path}' has no field '{name}', which the rows have; its fields are {string.Join(", ", type.Fields.Select(f => f.Name))}. Leave it out, or add it first: ALTER TABLE … ADD COLUMN {path}.{SqlPrinter.Identifier(name)} …");
}
