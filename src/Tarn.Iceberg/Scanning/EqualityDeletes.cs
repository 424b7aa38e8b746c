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
    public bool MayApply(DataFile delete, DataFile data)
    {
        foreach (int id in delete.EqualityIds ?? [])
        {
            if (fieldOf(id) is { Type.IsPrimitive: true } field && !MayShareValue(delete, data, field))
                return false;
        }

        return true;
    }

    private static bool MayShareValue(DataFile delete, DataFile data, NestedField field)
    {
        var term = new BoundTerm { FieldId = field.Id, Name = field.Name, SourceType = field.Type, IsOptional = true };
        var (deleted, present) = (ColumnMetrics.Of(delete, term), ColumnMetrics.Of(data, term));
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
