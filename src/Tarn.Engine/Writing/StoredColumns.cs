using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Writing;

/// <summary>The columns that data files have: all but those of type <c>unknown</c>, whose values are null and not stored (section Primitive Types).</summary>
internal static class StoredColumns
{
    /// <summary>The schema of the files.</summary>
    /// <exception cref="TarnException">Unsupported when no column is left.</exception>
    public static Schema Of(Schema schema)
    {
        NestedField[] stored = [.. schema.Fields.Where(IsStored)];
        if (stored.Length == 0)
            throw TarnException.Unsupported("Every column of the table is of type unknown, which data files do not store: there is nothing to write. Add a column of another type first.");
        return stored.Length == schema.Fields.Count ? schema : new Schema(schema.SchemaId, stored, schema.IdentifierFieldIds);
    }

    /// <summary>The query that gives the columns of the files, each in its type; it fails at a row that the schema does not allow.</summary>
    /// <param name="given">What is to be written, with all columns of the table.</param>
    /// <param name="schema">Schema of the files.</param>
    /// <param name="names">Names of their columns.</param>
    public static string Sql(WriteRequest given, Schema schema, IReadOnlyList<string> names)
    {
        string[] positional = [.. given.Schema.Fields.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"__tarn_s{i}"))];
        var values = given.Schema.Fields.Zip(positional).ToLookup(v => IsStored(v.First));
        string[] columns = [.. names.Select(EngineSql.Identifier)];
        var casts = values[true].Zip(columns, (value, column) => $"{value.Second}::{EngineType.Of(value.First.Type)} AS {column}");
        var nulls = values[false].Select(value => RefusedValues.Unknown(value.First.Name, value.Second)).ToArray();
        string rows = $"SELECT {string.Join(", ", casts)} FROM ({given.SourceSql}\n) AS __tarn_source({string.Join(", ", positional)}){(nulls.Length == 0 ? "" : $" WHERE {string.Join(" AND ", nulls)}")}";
        string[] allowed = [.. schema.Fields.Select((f, i) => RefusedValues.Checked(f, columns[i], given.Settings.Metrics.HasCounts(f.Name)))];
        return allowed.SequenceEqual(columns) ? rows : $"SELECT {string.Join(", ", allowed.Zip(columns, (value, column) => value == column ? column : $"{value} AS {column}"))} FROM ({rows})";
    }

    private static bool IsStored(NestedField field) => field.Type.Id != TypeId.Unknown;
}
