using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Expressions;

/// <summary>
/// Turns predicates over rows into predicates over the partition tuples of one spec ("Scan Planning"), and gives what is left of a
/// filter inside one partition.
/// </summary>
public sealed class PartitionProjection(PartitionSpec spec)
{
    // Residuals ask for the projections of the same few predicates for every file.
    private readonly ConcurrentDictionary<BoundPredicate, (Expression? Strict, Expression? Inclusive)[]> projections = new(ByReference.Instance);

    /// <summary>The spec.</summary>
    public PartitionSpec Spec { get; } = spec;

    /// <summary>Matches at least every partition that holds a matching row; true for what the partition does not tell.</summary>
    /// <param name="bound">An expression bound to a schema of the table.</param>
    public Expression Inclusive(Expression bound) =>
        Project(bound, p => Expression.And(FieldsOf(p).Select(field => FieldProjection.Inclusive(Spec, field, p) ?? Expression.True)));

    /// <summary>Matches only partitions all of whose rows match; false for what the partition does not tell.</summary>
    /// <param name="bound">An expression bound to a schema of the table.</param>
    public Expression Strict(Expression bound) =>
        Project(bound, p => Expression.Or(FieldsOf(p).Select(field => FieldProjection.Strict(Spec, field, p) ?? Expression.False)));

    /// <summary>The filter that rows of this partition still have to pass: predicates that the partition decides become constants.</summary>
    /// <param name="bound">An expression bound to a schema of the table.</param>
    /// <param name="partition">Values in the order of the spec's fields.</param>
    public Expression Residual(Expression bound, IReadOnlyList<object?> partition) =>
        Spec.Fields.Count == 0 ? bound : Project(bound, p => Decide(p, partition));

    private Expression Decide(BoundPredicate predicate, IReadOnlyList<object?> partition)
    {
        var fields = projections.GetOrAdd(
            predicate, p => [.. FieldsOf(p).Select(field => (FieldProjection.Strict(Spec, field, p), FieldProjection.Inclusive(Spec, field, p)))]);
        foreach (var (strict, inclusive) in fields)
        {
            if (strict is not null && strict.MatchesPartition(partition))
                return Expression.True;
            if (inclusive is not null && !inclusive.MatchesPartition(partition))
                return Expression.False;
        }

        return predicate;
    }

    private IEnumerable<int> FieldsOf(BoundPredicate predicate)
    {
        for (int i = 0; i < Spec.Fields.Count; i++)
        {
            if (Spec.Fields[i].SourceIds is [var id] && id == predicate.Term.FieldId)
                yield return i;
        }
    }

    private static Expression Project(Expression expression, Func<BoundPredicate, Expression> leaf) => expression switch
    {
        And { Left: var l, Right: var r } => Expression.And(Project(l, leaf), Project(r, leaf)),
        Or { Left: var l, Right: var r } => Expression.Or(Project(l, leaf), Project(r, leaf)),
        BoundPredicate p => leaf(p),
        Constant => expression,
        _ => throw new ArgumentException($"'{expression}' must be bound before it is projected.", nameof(expression)),
    };

    private sealed class ByReference : IEqualityComparer<BoundPredicate>
    {
        public static ByReference Instance { get; } = new();

        public bool Equals(BoundPredicate? x, BoundPredicate? y) => ReferenceEquals(x, y);

        public int GetHashCode(BoundPredicate predicate) => RuntimeHelpers.GetHashCode(predicate);
    }
}
