using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Expressions;

/// <summary>
/// Early writers rounded time partitions before 1970 towards zero and so wrote values that are one too large. Projections cover both:
/// inclusive ones are widened, strict ones narrowed, for negative values. The day of a date was always right.
/// </summary>
internal static class LegacyTime
{
    public static Expression? Widen(ProjectionTarget target, Expression? projected)
    {
        if (projected is not BoundPredicate p || IsAlwaysRight(target))
            return projected;
        return p.Operation switch
        {
            Operation.LtEq when (int)p.Value < 0 => target.Values(Operation.LtEq, [(int)p.Value + 1]),
            Operation.Eq or Operation.In when p.Literals.Any(v => (int)v < 0) => target.Values(Operation.In, WithNext(p)),
            _ => p,
        };
    }

    public static Expression? Narrow(ProjectionTarget target, Expression? projected)
    {
        if (projected is not BoundPredicate p || IsAlwaysRight(target))
            return projected;
        return p.Operation switch
        {
            Operation.Gt when (int)p.Value <= 0 => target.Values(Operation.Gt, [(int)p.Value + 1]),
            Operation.NotEq or Operation.NotIn when p.Literals.Any(v => (int)v < 0) => target.Values(Operation.NotIn, WithNext(p)),
            _ => p,
        };
    }

    private static bool IsAlwaysRight(ProjectionTarget target) =>
        target.Function.SourceType.Id == TypeId.Date && target.Function.Transform.Kind == TransformKind.Day;

    private static IEnumerable<object> WithNext(BoundPredicate predicate) =>
        predicate.Literals.SelectMany(v => (int)v < 0 ? [v, (int)v + 1] : new[] { v });
}
