using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Writing;

/// <summary>What data files have of a schema: all but columns and fields of type <c>unknown</c>, whose values are null and not stored (section Primitive Types).</summary>
internal static class StoredColumns
{
    /// <summary>The schema of the files.</summary>
    /// <exception cref="TarnException">Unsupported when no column is left, or nothing of a struct, list or map.</exception>
    public static Schema Of(Schema schema)
    {
        if (schema.FieldsById.Values.All(IsStored))
            return schema;
        NestedField[] stored = [.. schema.Fields.Where(IsStored).Select(f => Stored(f, f.Name))];
        if (stored.Length == 0)
            throw TarnException.Unsupported("Every column of the table is of type unknown, which data files do not store: there is nothing to write. Add a column of another type first.");
        return new Schema(schema.SchemaId, stored, schema.IdentifierFieldIds);
    }

    /// <summary>The query that gives the columns of the files, each in its type; it fails at a row that the schema does not allow.</summary>
    /// <param name="request">What is to be written, with all columns of the table.</param>
    /// <param name="stored">Schema of the files.</param>
    /// <param name="names">Names of their columns.</param>
    public static string Sql(WriteRequest request, Schema stored, IReadOnlyList<string> names)
    {
        string[] positional = [.. request.Schema.Fields.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"__tarn_s{i}"))];
        var values = request.Schema.Fields.Zip(positional).ToLookup(v => IsStored(v.First));
        string[] columns = [.. names.Select(EngineSql.Identifier)];
        var casts = values[true].Zip(columns, (value, column) => $"{value.Second}::{EngineType.Of(value.First.Type)} AS {column}");
        var nulls = values[false].Select(value => RefusedValues.Unknown(value.First.Name, value.Second)).ToArray();
        string rows = $"SELECT {string.Join(", ", casts)} FROM ({request.SourceSql}\n) AS __tarn_source({string.Join(", ", positional)}){(nulls.Length == 0 ? "" : $" WHERE {string.Join(" AND ", nulls)}")}";
        string[] allowed = [.. values[true].Select((value, i) => Cast(RefusedValues.Checked(value.First, columns[i]), value.First.Type, stored.Fields[i].Type))];
        return allowed.SequenceEqual(columns) ? rows : $"SELECT {string.Join(", ", allowed.Zip(columns, (value, column) => value == column ? column : $"{value} AS {column}"))} FROM ({rows})";
    }

    private static bool IsStored(NestedField field) => field.Type.Id != TypeId.Unknown;

    private static NestedField Stored(NestedField field, string path) => field.Type switch
    {
        StructType s => field with { Type = new StructType([.. Fields(s, path)]) },
        ListType l => field with { Type = new ListType(Item(l.Element, path)) },
        MapType m => field with { Type = new MapType(Item(m.Key, path), Item(m.Value, path)) },
        _ => field,
    };

    private static IEnumerable<NestedField> Fields(StructType type, string path) => type.Fields.Any(IsStored)
        ? type.Fields.Where(IsStored).Select(f => Stored(f, $"{path}.{f.Name}"))
        : throw TarnException.Unsupported($"Every field of column '{path}' is of type unknown, which data files do not store: they could not tell whether its values are there. Add a field of another type first: ALTER TABLE … ADD COLUMN {path}.… …");

    private static NestedField Item(NestedField item, string path) => IsStored(item)
        ? Stored(item, $"{path}.{item.Name}")
        : throw TarnException.Unsupported($"Column '{path}.{item.Name}' is of type unknown, which data files do not store: they could not tell how many there are. Give it a type first: ALTER TABLE … ALTER COLUMN {path}.{item.Name} SET DATA TYPE …");

    // A cast of a struct leaves the fields out that the type does not have.
    private static string Cast(string value, IcebergType given, IcebergType stored) => given.Equals(stored) ? value : $"({value})::{EngineType.Of(stored)}";
}
