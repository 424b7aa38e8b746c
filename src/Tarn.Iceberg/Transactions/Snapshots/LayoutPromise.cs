using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions.Snapshots;

/// <summary>
/// The ids of columns and partition specs that a transaction added when it was first applied; of one that replaces its table, those of all columns. Its data files were written with them, so a retry
/// must arrive at the same ids; where somebody else took them in between, the transaction has to be given up.
/// </summary>
internal sealed class LayoutPromise
{
    private readonly Dictionary<int, string> fields;
    private readonly Dictionary<int, string> specs;

    /// <summary>What a transaction adds.</summary>
    /// <param name="origin">Metadata before it.</param>
    /// <param name="applied">Metadata after it.</param>
    /// <param name="replacesTable">Whether columns that were there keep their ids only if they are still there at a retry.</param>
    public LayoutPromise(TableMetadata origin, TableMetadata applied, bool replacesTable)
    {
        fields = applied.CurrentSchema.FieldsById.Keys.Where(id => replacesTable || id > origin.LastColumnId).ToDictionary(id => id, id => Field(applied.CurrentSchema, id)!);
        specs = applied.PartitionSpecs.Where(s => !origin.PartitionSpecs.Exists(o => o.SpecId == s.SpecId)).ToDictionary(s => s.SpecId, s => Spec(applied, s.SpecId)!);
    }

    /// <summary>Throws Conflict when a retry arrives at other ids.</summary>
    public void Check(TableMetadata applied, TableIdentifier table)
    {
        foreach (var (id, field) in fields)
        {
            if (Field(applied.CurrentSchema, id) is var found && found != field)
                throw Broken(table, $"column id {id}, with which data files were written as '{field}', is now {found ?? "not in the table"}");
        }

        foreach (var (id, spec) in specs)
        {
            if (Spec(applied, id) is var found && found != spec)
                throw Broken(table, $"partition spec {id}, with which data files were written as '{spec}', is now {found ?? "not in the table"}");
        }
    }

    private static string? Field(Schema schema, int id) => schema.FindField(id) is { } field ? $"{schema.FindName(id)} {field.Type}" : null;

    private static string? Spec(TableMetadata table, int id) =>
        table.PartitionSpecs.Find(s => s.SpecId == id) is { } spec ? string.Join(", ", spec.Fields.Select(f => $"{f.FieldId} {f.Transform}({string.Join(' ', f.SourceIds)})")) : null;

    private static TarnException Broken(TableIdentifier table, string what) =>
        new(ErrorKind.Conflict, $"Somebody else changed the columns or partitions of table '{table}' at the same time: {what}. Nothing was applied; run the statement again.");
}
