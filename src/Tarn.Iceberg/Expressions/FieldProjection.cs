using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Expressions;

/// <summary>Projects one predicate through the transform of one partition field; null where the field tells nothing.</summary>
internal static class FieldProjection
{
    public static Expression? Inclusive(PartitionSpec spec, int position, BoundPredicate predicate) => Project(spec, position, predicate, Widened);

    public static Expression? Strict(PartitionSpec spec, int position, BoundPredicate predicate) => Project(spec, position, predicate, Narrowed);

    // What says the same of the partition as of its rows is both; else a predicate of the column itself is estimated, and one of its transform tells nothing.
    private static Expression? Project(PartitionSpec spec, int position, BoundPredicate predicate, Func<ProjectionTarget, BoundPredicate, Expression?> estimate)
    {
        if (Target(spec, position, predicate) is not { } target)
            return null;
        return Exact(target, predicate) ?? (predicate.Term.Function is null ? estimate(target, predicate) : null);
    }

    private static Expression? Widened(ProjectionTarget target, BoundPredicate predicate) => target.Function.Transform.Kind switch
    {
        TransformKind.Bucket => predicate.Operation is Operation.Eq or Operation.In ? target.Map(predicate.Operation, predicate.Values) : null,
        TransformKind.Truncate when predicate.Term.SourceType.Id is TypeId.String or TypeId.Binary => InclusiveArray(target, predicate),
        TransformKind.Truncate => target.OrWrapped(predicate.Operation, InclusiveOrdered(target, predicate)),
        _ => target.OrWrapped(predicate.Operation, LegacyTime.Widen(target, InclusiveOrdered(target, predicate))),
    };

    private static Expression? Narrowed(ProjectionTarget target, BoundPredicate predicate) => target.Function.Transform.Kind switch
    {
        TransformKind.Bucket => predicate.Operation is Operation.NotEq or Operation.NotIn ? target.Map(predicate.Operation, predicate.Values) : null,
        TransformKind.Truncate when predicate.Term.SourceType.Id is TypeId.String or TypeId.Binary => StrictArray(target, predicate),
        TransformKind.Truncate => target.AndUnwrapped(predicate.Operation, StrictOrdered(target, predicate)),
        _ => target.AndUnwrapped(predicate.Operation, LegacyTime.Narrow(target, StrictOrdered(target, predicate))),
    };

    private static ProjectionTarget? Target(PartitionSpec spec, int position, BoundPredicate predicate)
    {
        var field = spec.Fields[position];
        bool usable = field.Transform.Kind is not (TransformKind.Void or TransformKind.Unknown) && field.Transform.CanTransform(predicate.Term.SourceType);
        return usable ? new ProjectionTarget(field, position, field.Transform.Bind(predicate.Term.SourceType)) : null;
    }

    // The partition value decides: identity partitions, tests of the very transform, and tests for null, which every transform keeps.
    private static Expression? Exact(ProjectionTarget target, BoundPredicate predicate)
    {
        if (target.Function.Transform.Kind == TransformKind.Identity)
            return new BoundPredicate(predicate.Operation, target.Term with { Function = predicate.Term.Function }, [.. predicate.Literals]);
        if (predicate.Term.Function is { } function)
            return function.Transform == target.Function.Transform ? new BoundPredicate(predicate.Operation, target.Term, [.. predicate.Literals]) : null;
        return predicate.Operation is Operation.IsNull or Operation.NotNull ? new BoundPredicate(predicate.Operation, target.Term) : null;
    }

    private static Expression? InclusiveOrdered(ProjectionTarget target, BoundPredicate predicate) => predicate.Operation switch
    {
        Operation.LtEq or Operation.GtEq => target.MapInRange(predicate.Operation, predicate.Value),
        Operation.Lt => target.MapInRange(Operation.LtEq, Neighbour(predicate.Value, -1)),
        Operation.Gt => target.MapInRange(Operation.GtEq, Neighbour(predicate.Value, 1)),
        Operation.Eq or Operation.In => target.Map(predicate.Operation, predicate.Values),
        _ => null,
    };

    private static Expression? StrictOrdered(ProjectionTarget target, BoundPredicate predicate) => predicate.Operation switch
    {
        Operation.Lt or Operation.Gt => target.MapInRange(predicate.Operation, predicate.Value),
        Operation.LtEq => target.MapInRange(Operation.Lt, Neighbour(predicate.Value, 1)),
        Operation.GtEq => target.MapInRange(Operation.Gt, Neighbour(predicate.Value, -1)),
        Operation.NotEq or Operation.NotIn => target.Map(predicate.Operation, predicate.Values),
        _ => null,
    };

    private static Expression? InclusiveArray(ProjectionTarget target, BoundPredicate predicate) => predicate.Operation switch
    {
        Operation.Lt or Operation.LtEq => target.Map(Operation.LtEq, predicate.Value),
        Operation.Gt or Operation.GtEq => target.Map(Operation.GtEq, predicate.Value),
        Operation.Eq or Operation.In => target.Map(predicate.Operation, predicate.Values),
        Operation.StartsWith => IsShorter(target, predicate) ? target.Keep(predicate) : target.Map(Operation.Eq, predicate.Value),
        Operation.NotStartsWith when IsShorter(target, predicate) => target.Keep(predicate),
        Operation.NotStartsWith when IsWhole(target, predicate) => target.Map(Operation.NotEq, predicate.Value),
        _ => null,
    };

    private static Expression? StrictArray(ProjectionTarget target, BoundPredicate predicate) => predicate.Operation switch
    {
        Operation.Lt or Operation.LtEq => target.Map(Operation.Lt, predicate.Value),
        Operation.Gt or Operation.GtEq => target.Map(Operation.Gt, predicate.Value),
        Operation.NotEq or Operation.NotIn => target.Map(predicate.Operation, predicate.Values),
        Operation.StartsWith when IsShorter(target, predicate) => target.Keep(predicate),
        Operation.StartsWith when IsWhole(target, predicate) => target.Map(Operation.Eq, predicate.Value),
        Operation.NotStartsWith => IsShorter(target, predicate) ? target.Keep(predicate) : target.Map(Operation.NotEq, predicate.Value),
        _ => null,
    };

    private static bool IsShorter(ProjectionTarget target, BoundPredicate predicate) =>
        CodePoints((string)predicate.Value) < target.Function.Transform.Argument;

    private static bool IsWhole(ProjectionTarget target, BoundPredicate predicate) =>
        CodePoints((string)predicate.Value) == target.Function.Transform.Argument;

    private static int CodePoints(string text) => text.EnumerateRunes().Count();

    // The next value up or down; null at the end of the type.
    private static object? Neighbour(object value, int step) => value switch
    {
        int v => v == (step > 0 ? int.MaxValue : int.MinValue) ? null : v + step,
        long v => v == (step > 0 ? long.MaxValue : long.MinValue) ? null : v + step,
        Decimal38 v => v with { Unscaled = v.Unscaled + step },
        _ => null,
    };
}

/// <summary>The partition field that a predicate is projected to.</summary>
internal sealed class ProjectionTarget(PartitionField field, int position, TransformFunction function)
{
    public TransformFunction Function { get; } = function;

    public BoundTerm Term { get; } = new()
    {
        FieldId = field.FieldId,
        Name = field.Name,
        SourceType = function.ResultType,
        IsOptional = true,
        Position = position,
    };

    public Expression Map(Operation operation, object value) => new BoundPredicate(operation, Term, Function.Apply(value)!);

    public Expression Map(Operation operation, ReadOnlySpan<object> values)
    {
        var results = new List<object>(values.Length);
        foreach (object value in values)
            results.Add(Function.Apply(value)!);
        return Values(operation, results);
    }

    public Expression Values(Operation operation, IEnumerable<object> values)
    {
        object[] distinct = ValueOrder.Distinct(values);
        return (operation, distinct.Length) switch
        {
            (Operation.In, 1) => new BoundPredicate(Operation.Eq, Term, distinct),
            (Operation.NotIn, 1) => new BoundPredicate(Operation.NotEq, Term, distinct),
            _ => new BoundPredicate(operation, Term, distinct),
        };
    }

    public Expression Keep(BoundPredicate predicate) => new BoundPredicate(predicate.Operation, Term, [.. predicate.Literals]);

    /// <summary>A test of order against the result for a value; null for no value, and where the result says nothing of order.</summary>
    public Expression? MapInRange(Operation operation, object? value) => value is null || Function.Range?.Covers(value, value) == false ? null : Map(operation, value);

    /// <summary>Adds the results of small values that wrapped round to what is less, and those of large values to what is greater.</summary>
    public Expression? OrWrapped(Operation operation, Expression? projected) => (projected, operation, Function) switch
    {
        (not null, Operation.Lt or Operation.LtEq, { WrapsFromBelow: { } smallest }) => Expression.Or(projected, new BoundPredicate(Operation.GtEq, Term, smallest)),
        (not null, Operation.Gt or Operation.GtEq, { WrapsFromAbove: { } largest }) => Expression.Or(projected, new BoundPredicate(Operation.LtEq, Term, largest)),
        _ => projected,
    };

    /// <summary>Takes the results of large values that wrapped round from what is less, and those of small values from what is greater.</summary>
    public Expression? AndUnwrapped(Operation operation, Expression? projected) => (projected, operation, Function) switch
    {
        (not null, Operation.Lt or Operation.LtEq, { WrapsFromAbove: { } largest }) => Expression.And(projected, new BoundPredicate(Operation.Gt, Term, largest)),
        (not null, Operation.Gt or Operation.GtEq, { WrapsFromBelow: { } smallest }) => Expression.And(projected, new BoundPredicate(Operation.Lt, Term, smallest)),
        _ => projected,
    };
}
