using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Expressions;

/// <summary>Decides single predicates from <see cref="ColumnMetrics"/>.</summary>
internal static class MetricsTests
{
    /// <summary>False only when certainly no value matches.</summary>
    public static bool MightMatch(BoundPredicate predicate, in ColumnMetrics metrics)
    {
        switch (predicate.Operation)
        {
            case Operation.IsNull:
                return !(metrics.NoNulls && predicate.Term.PreservesNonNull);
            case Operation.NotNull:
                return !metrics.OnlyNulls;
            case Operation.IsNaN:
                return !metrics.OnlyNulls && !(metrics.NoNaNs && predicate.Term.Function is null);
            case Operation.NotNaN:
                return !(metrics.OnlyNaNs && predicate.Term.Function is null);
        }

        var (lower, upper) = Bounds(predicate.Term, metrics);
        return predicate.Operation switch
        {
            Operation.NotEq => !(Unique(metrics, lower, upper) is { } value && ValueOrder.Compare(value, predicate.Value) == 0),
            Operation.NotIn => !(Unique(metrics, lower, upper) is { } value && ValueOrder.IndexOf(predicate.Values, value) >= 0),
            Operation.NotStartsWith => !(metrics.NoNulls && AllStartWith((string)predicate.Value, lower, upper)),
            _ when metrics.NothingToCompare => false,
            Operation.Lt => lower is null || ValueOrder.Compare(lower, predicate.Value) < 0,
            Operation.LtEq => lower is null || ValueOrder.Compare(lower, predicate.Value) <= 0,
            Operation.Gt => upper is null || ValueOrder.Compare(upper, predicate.Value) > 0,
            Operation.GtEq => upper is null || ValueOrder.Compare(upper, predicate.Value) >= 0,
            Operation.StartsWith => MayStartWith((string)predicate.Value, lower, upper),
            _ => ValueOrder.AnyBetween(predicate.Values, lower, upper),
        };
    }

    /// <summary>True only when certainly every value matches.</summary>
    public static bool MustMatch(BoundPredicate predicate, in ColumnMetrics metrics)
    {
        bool isColumn = predicate.Term.Function is null;
        switch (predicate.Operation)
        {
            case Operation.IsNull:
                return metrics.OnlyNulls;
            case Operation.NotNull:
                return metrics.NoNulls && predicate.Term.PreservesNonNull;
            case Operation.IsNaN:
                return metrics.OnlyNaNs && isColumn;
            case Operation.NotNaN:
                return metrics.OnlyNulls || (metrics.NoNaNs && isColumn);
        }

        var (lower, upper) = Bounds(predicate.Term, metrics);
        // The negative tests hold for null and NaN, the positive ones do not.
        switch (predicate.Operation)
        {
            case Operation.NotEq or Operation.NotIn:
                return metrics.NothingToCompare || !ValueOrder.AnyBetween(predicate.Values, lower, upper);
            case Operation.NotStartsWith:
                return metrics.NothingToCompare || !MayStartWith((string)predicate.Value, lower, upper);
        }

        if (!metrics.NoNulls || !metrics.NoNaNs || !predicate.Term.PreservesNonNull)
            return false;
        return predicate.Operation switch
        {
            Operation.Lt => upper is not null && ValueOrder.Compare(upper, predicate.Value) < 0,
            Operation.LtEq => upper is not null && ValueOrder.Compare(upper, predicate.Value) <= 0,
            Operation.Gt => lower is not null && ValueOrder.Compare(lower, predicate.Value) > 0,
            Operation.GtEq => lower is not null && ValueOrder.Compare(lower, predicate.Value) >= 0,
            Operation.StartsWith => AllStartWith((string)predicate.Value, lower, upper),
            _ => Unique(metrics, lower, upper) is { } value && ValueOrder.IndexOf(predicate.Values, value) >= 0,
        };
    }

    // Bounds of a transform that keeps order are the transformed bounds, as long as nothing wraps round.
    private static (object? Lower, object? Upper) Bounds(BoundTerm term, in ColumnMetrics metrics)
    {
        if (term.Function is not { } function)
            return (metrics.Lower, metrics.Upper);
        return function.PreservesOrder && function.Range?.Covers(metrics.Lower, metrics.Upper) != false ? (function.Apply(metrics.Lower), function.Apply(metrics.Upper)) : (null, null);
    }

    private static object? Unique(in ColumnMetrics metrics, object? lower, object? upper) =>
        metrics.NoNulls && metrics.NoNaNs && lower is not null && upper is not null && ValueOrder.Compare(lower, upper) == 0 ? lower : null;

    private static bool MayStartWith(string prefix, object? lower, object? upper) =>
        (lower is not string l || LiteralValue.Compare(Cut(l, prefix), prefix) <= 0)
        && (upper is not string u || LiteralValue.Compare(Cut(u, prefix), prefix) >= 0);

    private static bool AllStartWith(string prefix, object? lower, object? upper) =>
        lower is string l && upper is string u && l.StartsWith(prefix, StringComparison.Ordinal) && u.StartsWith(prefix, StringComparison.Ordinal);

    private static string Cut(string bound, string prefix) => bound.Length <= prefix.Length ? bound : bound[..prefix.Length];
}
