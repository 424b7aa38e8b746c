using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Scanning;

/// <summary>
/// Tells by counts and bounds whether an equality delete file can hold a key of a data file. Only key columns count:
/// other columns of a delete file hold any values ("Equality Delete Files").
/// </summary>
internal sealed class EqualityDeletes(Func<int, NestedField?> fieldOf)
{
    /// <summary>Key columns of a delete file that have counts and bounds.</summary>
    public IEnumerable<BoundTerm> Keys(DataFile delete) =>
        from id in delete.EqualityIds ?? []
        let field = fieldOf(id)
        where field is { Type.IsPrimitive: true }
        select new BoundTerm { FieldId = field.Id, Name = field.Name, SourceType = field.Type, IsOptional = true };

    /// <summary>True unless some key column of the delete file has no value in common with the data file.</summary>
    public bool MayApply(DataFile delete, Func<BoundTerm, ColumnMetrics> data) => Keys(delete).All(key => MayShareValue(ColumnMetrics.Of(delete, key), data(key)));

    private static bool MayShareValue(in ColumnMetrics deleted, in ColumnMetrics present)
    {
        bool bothMayBeNull = !deleted.NoNulls && !present.NoNulls;
        if (bothMayBeNull)
            return true;
        if (deleted.OnlyNulls || present.OnlyNulls)
            return false;
        // Bounds say nothing of NaN, which equals NaN here.
        if (!deleted.NoNaNs && !present.NoNaNs)
            return true;
        return !IsBelow(deleted.Upper, present.Lower) && !IsBelow(present.Upper, deleted.Lower);
    }

    private static bool IsBelow(object? upper, object? lower) =>
        upper is not null && lower is not null && ValueOrder.Compare(upper, lower) < 0;
}
