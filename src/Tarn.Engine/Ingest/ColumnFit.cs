using Tarn.Engine.Types;
using Tarn.Engine.Writing;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>A column of a source, and the column of the table that takes its values but those that do not fit, are missing or have no partition.</summary>
/// <param name="Column">Of the source.</param>
/// <param name="Field">Of the table.</param>
/// <param name="Limits">What partition fields take of the column, or of fields inside of it.</param>
internal sealed record ColumnFit(SourceColumn Column, NestedField Field, IReadOnlyList<PartitionLimit> Limits)
{
    /// <summary>True when the table takes every value.</summary>
    public bool IsCertain => !Field.Required && Limits.Count == 0 && ValueFit.IsCertain(Column, Field.Type);

    /// <summary>A condition that holds for values that the table does not take; false for all others, null among them unless the column is NOT NULL.</summary>
    public string IsBad => $"({string.Join(" OR ", PartitionMisfits().Select(m => $"{m.SentenceSql} IS NOT NULL").Prepend(ValueFit.IsBad(Column, Field)))})";

    /// <summary>What is wrong with values that the table does not take, other than that they are missing.</summary>
    public IEnumerable<Misfit> Misfits() =>
        ValueFit.Misfits(Column, Field.Type).Select(m => new Misfit(m.SentenceSql, "or ingest into another table")).Concat(PartitionMisfits());

    /// <summary>What is wrong with some values.</summary>
    /// <param name="SentenceSql">Expression of the sentence about the first such value at a place; NULL when there is none.</param>
    /// <param name="WayOut">The last thing that can be done about it.</param>
    internal sealed record Misfit(string SentenceSql, string WayOut);

    private IEnumerable<Misfit> PartitionMisfits() =>
        from limit in Limits
        let value = Value(limit)
        where value is not null
        select new Misfit($"CASE WHEN {limit.IsOutside(value)} THEN {FitTest.Said(limit.Column, value, limit.Rule)} END", limit.WayOut);

    // The value in the type of the table; null where the source has no such field, or none of that kind.
    private string? Value(PartitionLimit limit)
    {
        var (type, sql) = (Column.ReadType, Column.SqlFor(Field.Type));
        foreach (string name in limit.PathInColumn)
        {
            if (type is not StructType s || s.FieldOfAnyCase(name) is not { } inner)
                return null;
            (type, sql) = (inner.Type, $"struct_extract({sql}, {EngineSql.String(inner.Name)})");
        }

        return ValueFit.CanCast(type, limit.Type) ? $"try_cast({sql} AS {EngineType.Of(limit.Type)})" : null;
    }
}
