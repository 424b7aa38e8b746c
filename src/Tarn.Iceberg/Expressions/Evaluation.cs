using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Expressions;

/// <summary>Evaluates bound expressions over rows, partition tuples, manifests and files.</summary>
public static class Evaluation
{
    /// <summary>True when the row matches.</summary>
    /// <param name="bound">An expression bound to the schema.</param>
    /// <param name="valueOf">Value of a column by field id, held as <see cref="LiteralValue"/> says.</param>
    public static bool MatchesRow(this Expression bound, Func<int, object?> valueOf) => Fold(bound, new RowTest(valueOf));

    /// <summary>True when the partition tuple matches.</summary>
    /// <param name="projected">A projection, see <see cref="PartitionProjection"/>.</param>
    /// <param name="partition">Values in the order of the spec's fields.</param>
    public static bool MatchesPartition(this Expression projected, IReadOnlyList<object?> partition) => Fold(projected, new PartitionTest(partition));

    /// <summary>False only when no partition of the manifest can match; manifests without summaries may always match.</summary>
    /// <param name="projected">The inclusive projection for the spec of the manifest.</param>
    /// <param name="manifest">A manifest as the manifest list names it.</param>
    public static bool MightMatchManifest(this Expression projected, ManifestFile manifest) =>
        manifest.Partitions is null ? projected is not Constant { Value: false } : Fold(projected, new SummaryTest(manifest.Partitions));

    /// <summary>False only when no row of the file can match, by counts and bounds (inclusive metrics evaluation).</summary>
    public static bool MightMatchFile(this Expression bound, DataFile file) =>
        file.RecordCount != 0 && (file.RecordCount < 0 ? bound is not Constant { Value: false } : Fold(bound, new InclusiveTest(file)));

    /// <summary>True only when every row of the file matches, by counts and bounds (strict metrics evaluation).</summary>
    public static bool MustMatchFile(this Expression bound, DataFile file) => file.RecordCount == 0 || Fold(bound, new StrictTest(file));

    internal static bool Fold<T>(Expression expression, in T test)
        where T : struct, IPredicateTest => expression switch
        {
            Constant { Value: var value } => value,
            And { Left: var l, Right: var r } => Fold(l, test) && Fold(r, test),
            Or { Left: var l, Right: var r } => Fold(l, test) || Fold(r, test),
            BoundPredicate p => test.Test(p),
            _ => throw new ArgumentException($"'{expression}' must be bound and free of NOT before it is evaluated.", nameof(expression)),
        };

    /// <summary>Decides one predicate.</summary>
    internal interface IPredicateTest
    {
        bool Test(BoundPredicate predicate);
    }

    private readonly struct RowTest(Func<int, object?> valueOf) : IPredicateTest
    {
        public bool Test(BoundPredicate predicate) => predicate.Matches(valueOf(predicate.Term.FieldId));
    }

    private readonly struct PartitionTest(IReadOnlyList<object?> partition) : IPredicateTest
    {
        public bool Test(BoundPredicate predicate) =>
            predicate.Matches(BinarySingleValue.Promote(predicate.Term.SourceType, partition[predicate.Term.Position]));
    }

    private readonly struct SummaryTest(IReadOnlyList<FieldSummary> summaries) : IPredicateTest
    {
        public bool Test(BoundPredicate predicate) =>
            predicate.Term.Position >= summaries.Count
            || MetricsTests.MightMatch(predicate, ColumnMetrics.Of(summaries[predicate.Term.Position], predicate.Term.SourceType));
    }

    private readonly struct InclusiveTest(DataFile file) : IPredicateTest
    {
        public bool Test(BoundPredicate predicate) => MetricsTests.MightMatch(predicate, ColumnMetrics.Of(file, predicate.Term));
    }

    private readonly struct StrictTest(DataFile file) : IPredicateTest
    {
        public bool Test(BoundPredicate predicate) => MetricsTests.MustMatch(predicate, ColumnMetrics.Of(file, predicate.Term));
    }
}
