using Tarn.Core.Errors;
using Tarn.Engine.Types;
using Tarn.Engine.Writing;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Ingest;

/// <summary>How the columns of the sources become columns of the table.</summary>
internal sealed class IngestPlan
{
    private readonly UpdateSchema? update;

    private IngestPlan(Schema newSchema, UpdateSchema? update) => (NewSchema, this.update) = (newSchema, update);

    /// <summary>Schema of a table that is created.</summary>
    public Schema NewSchema { get; }

    /// <summary>Format version of a table that is created: the default, unless a type came later.</summary>
    public int FormatVersion => NewSchema.FieldsById.Values.Any(f => f.Type.Id is TypeId.TimestampNs or TypeId.TimestampTzNs) ? TableMetadata.MaxFormatVersion : TableMetadata.DefaultFormatVersion;

    /// <summary>Columns that are added to the table.</summary>
    public List<NestedField> Added { get; } = [];

    /// <summary>Columns that are widened.</summary>
    public List<NestedField> Widened { get; } = [];

    /// <summary>Makes the plan.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="table">The table, or null when it is created.</param>
    /// <param name="sources">What comes.</param>
    /// <param name="allRows">Whether types of text come from all rows. If not, columns that need not be widened for sure stay as they are.</param>
    /// <exception cref="TarnException">InvalidRequest when columns conflict, naming file, column and both types.</exception>
    public static IngestPlan Of(IngestRequest request, TableMetadata? table, IReadOnlyList<SourceRelation> sources, bool allRows)
    {
        var merged = Merge(sources);
        if (merged.Count == 0)
            throw TarnException.Invalid($"'{string.Join(", ", request.Sources)}' has no columns.");
        int last = merged.Count;
        var schema = new Schema(0, [.. merged.Select((c, i) => new NestedField(i + 1, c.Name, false, Renumber(c.Type, () => ++last)))]);
        var plan = new IngestPlan(schema, table is null ? null : new UpdateSchema());
        if (table is not null)
            plan.Evolve(request, table.CurrentSchema, sources, allRows);
        return plan;
    }

    /// <summary>Adds the changes of the schema to the table's transaction.</summary>
    public void AddTo(Transaction transaction)
    {
        if (update is not null && Added.Count + Widened.Count > 0)
            transaction.Add(update);
    }

    /// <summary>The table as it will be when the files are written.</summary>
    public TableMetadata Target(TableMetadata metadata, DateTimeOffset now) =>
        update is null || Added.Count + Widened.Count == 0 ? metadata : TableMetadataBuilder.Apply(metadata, update.Apply(metadata), now);

    /// <summary>The columns of a source of whose values the table may not take all.</summary>
    public static IEnumerable<ColumnFit> Fits(SourceRelation source, TableMetadata table)
    {
        var limits = PartitionLimit.Of(table.CurrentSchema, table.DefaultSpec);
        return from field in table.CurrentSchema.Fields
               let column = source.Find(field.Name)
               where column is not null
               let fit = new ColumnFit(column, field, [.. limits.Where(l => l.ColumnId == field.Id)])
               where !fit.IsCertain
               select fit;
    }

    /// <summary>A source as a query with the columns of the table, in order.</summary>
    public static string SelectSql(SourceRelation source, Schema table, string fromSql)
    {
        var expressions = table.Fields.Select(f => source.Find(f.Name) is { } column ? ValueFit.Convert(column, f.Type) : EngineSql.Literal(f.WriteDefault, f.Type));
        return $"SELECT {string.Join(", ", expressions)} FROM {fromSql}";
    }

    // Whether values fit that need no change of the schema is seen value by value.
    private void Evolve(IngestRequest request, Schema table, IReadOnlyList<SourceRelation> sources, bool allRows)
    {
        foreach (var required in table.Fields.Where(f => f is { Required: true, WriteDefault: null }))
        {
            if (sources.FirstOrDefault(s => s.Find(required.Name) is null) is { } source)
                throw TarnException.Invalid($"File '{source.File.Name}' has no column '{required.Name}', which is NOT NULL in the table. Add the column to the file, or ALTER TABLE … ALTER COLUMN {required.Name} DROP NOT NULL.");
        }

        foreach (var column in NewSchema.Fields)
        {
            var existing = table.Fields.FirstOrDefault(f => f.Name == column.Name) ?? table.Fields.FirstOrDefault(f => f.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
            // Some rows of delimited text may not have been looked at: what need not be widened for sure stays.
            bool isGuess = !allRows && sources.All(s => s.Find(column.Name) is null || s.Dialect is not null);
            if (existing is null)
                Add(request, column, sources.First(s => s.Find(column.Name) is not null).File.Name);
            else if (!isGuess && request.Schema == SchemaHandling.Evolve && SchemaMerge.Evolved(column.Type, existing.Type) is { } type)
                Widen(existing, type);
        }
    }

    private void Add(IngestRequest request, NestedField column, string file)
    {
        if (request.Schema == SchemaHandling.Freeze)
            throw TarnException.Invalid($"File '{file}' has column '{column.Name}' of type {SqlTypeText.Of(column.Type)}, which the table does not have. Ingest with --schema evolve to add it, or take it out of the file.");
        Added.Add(column);
        update!.AddColumn(null, column.Name, column.Type);
    }

    private void Widen(NestedField column, IcebergType type)
    {
        Widened.Add(column);
        update!.UnionByName(new Schema(0, [column with { Type = type.IsNested ? Renumber(type, NextId(column.Id)) : type }]), ignoreCase: true);
    }

    private static Func<int> NextId(int last) => () => ++last;

    private static List<(string Name, IcebergType Type)> Merge(IReadOnlyList<SourceRelation> sources)
    {
        var merged = new List<(string Name, IcebergType Type)>();
        foreach (var column in sources.SelectMany(s => s.Columns))
        {
            int at = merged.FindIndex(m => m.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
                merged.Add((column.Name, column.Type));
            else
                merged[at] = (merged[at].Name, SchemaMerge.Common(merged[at].Type, column.Type));
        }

        return merged;
    }

    private static IcebergType Renumber(IcebergType type, Func<int> next) => type switch
    {
        StructType s => new StructType([.. s.Fields.Select(f => f with { Id = next(), Type = Renumber(f.Type, next) })]),
        ListType l => ListType.Of(next(), Renumber(l.Element.Type, next)),
        MapType m => MapType.Of(next(), Renumber(m.Key.Type, next), next(), Renumber(m.Value.Type, next)),
        _ => type,
    };
}
