using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Expressions;

/// <summary>What is known about the values of one column in a file, or of one partition field in a manifest. The default knows nothing.</summary>
internal readonly record struct ColumnMetrics
{
    /// <summary>No value is null.</summary>
    public bool NoNulls { get; init; }

    /// <summary>Every value is null.</summary>
    public bool OnlyNulls { get; init; }

    /// <summary>No value is NaN.</summary>
    public bool NoNaNs { get; init; }

    /// <summary>Every value is NaN.</summary>
    public bool OnlyNaNs { get; init; }

    /// <summary>Every value is null or NaN: no ordering matches.</summary>
    public bool NothingToCompare { get; init; }

    /// <summary>Not above any value that is neither null nor NaN; null when unknown.</summary>
    public object? Lower { get; init; }

    /// <summary>Not below any value that is neither null nor NaN; null when unknown.</summary>
    public object? Upper { get; init; }

    /// <summary>From counts and decoded bounds; null is unknown, also for bounds that cannot be read or are NaN.</summary>
    public static ColumnMetrics Of(IcebergType type, long? values, long? nulls, long? nans, object? lower, object? upper)
    {
        bool floating = type.Id is TypeId.Float or TypeId.Double;
        // Some writers count no value at all for a column that the file lacks, whose rows may then have a default.
        bool onlyNulls = values > 0 && nulls == values;
        bool onlyNaNs = floating && values > 0 && nans == values;
        (lower, upper) = Trusted(type, lower, upper);
        return new ColumnMetrics
        {
            NoNulls = nulls == 0,
            OnlyNulls = onlyNulls,
            NoNaNs = !floating || nans == 0 || onlyNulls,
            OnlyNaNs = onlyNaNs,
            NothingToCompare = onlyNulls || onlyNaNs || (floating && values > 0 && nulls + nans == values),
            Lower = lower,
            Upper = upper,
        };
    }

    /// <summary>Of one column of a file.</summary>
    public static ColumnMetrics Of(DataFile file, BoundTerm term) => Of(
        term.SourceType,
        Count(file.ValueCounts, term.FieldId), Count(file.NullValueCounts, term.FieldId), Count(file.NanValueCounts, term.FieldId),
        Bound(file.LowerBounds, term), Bound(file.UpperBounds, term));

    /// <summary>Of one partition field of a manifest: a missing lower bound means that all values are null or NaN ("Manifest Lists").</summary>
    public static ColumnMetrics Of(FieldSummary summary, IcebergType type)
    {
        bool floating = type.Id is TypeId.Float or TypeId.Double;
        bool nothing = summary.LowerBound is null;
        bool noNaNs = !floating || summary.ContainsNaN == false;
        var (lower, upper) = Trusted(type, Decode(summary.LowerBound, type), Decode(summary.UpperBound, type));
        return new ColumnMetrics
        {
            NoNulls = !summary.ContainsNull,
            OnlyNulls = nothing && summary.ContainsNull && noNaNs,
            NoNaNs = noNaNs,
            OnlyNaNs = nothing && floating && summary.ContainsNaN == true && !summary.ContainsNull,
            NothingToCompare = nothing,
            Lower = lower,
            Upper = upper,
        };
    }

    /// <summary>A bound as a value of the type; null when it is missing, unreadable or NaN.</summary>
    public static object? Decode(byte[]? bound, IcebergType type) =>
        bound is not null && BinarySingleValue.TryDeserialize(type, bound, out object? value) && !LiteralValue.IsNaN(value) ? value : null;

    // NaN is no bound, and bounds that contradict each other tell nothing.
    private static (object? Lower, object? Upper) Trusted(IcebergType type, object? lower, object? upper)
    {
        if (type.Id == TypeId.Uuid)
            return UuidBounds.Widen(lower, upper);
        lower = LiteralValue.IsNaN(lower) ? null : lower;
        upper = LiteralValue.IsNaN(upper) ? null : upper;
        return lower is not null && upper is not null && ValueOrder.Compare(lower, upper) > 0 ? (null, null) : (lower, upper);
    }

    private static long? Count(IReadOnlyDictionary<int, long>? counts, int id) =>
        counts is not null && counts.TryGetValue(id, out long count) ? count : null;

    private static object? Bound(IReadOnlyDictionary<int, byte[]>? bounds, BoundTerm term) =>
        bounds is not null && bounds.TryGetValue(term.FieldId, out byte[]? bound) ? Decode(bound, term.SourceType) : null;
}
