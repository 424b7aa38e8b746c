using FsCheck;
using FsCheck.Fluent;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Expressions;

public sealed class PruningPropertyTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(Soak.Rounds(20_000, 1_000_000)).WithReplay((ulong)Soak.Seed, 0x9E3779B97F4A7C15);

    [Fact]
    public void FileMetrics_RandomRowsAndPredicates_NeverContradictTheRows() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var type = RandomData.Types[random.Next(RandomData.Types.Length)];
        object?[] rows = RandomData.Rows(random, type);
        var file = RandomData.File(random, type, rows);
        var (term, testedType) = RandomTerm(random, type);
        var bound = RandomData.Predicate(random, testedType, term, TestedValues(term, type, rows)).Bind(RandomData.SchemaOf(type));
        bool any = rows.Any(v => bound.MatchesRow(_ => v)), all = rows.All(v => bound.MatchesRow(_ => v));
        return (!any || bound.MightMatchFile(file)).Label($"pruned a match: {bound} over {type}")
            .And((all || !bound.MustMatchFile(file)).Label($"claimed too much: {bound} over {type}"));
    }).Check(Config);

    [Fact]
    public void Projection_RandomPartitions_NeverContradictTheRows() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var (type, transform, function, projection, rows) = RandomPartitions(random);
        var (term, testedType) = random.Next(3) == 0 ? (new Term("k", null, transform), function.ResultType) : RandomTerm(random, type);
        var bound = RandomData.Predicate(random, testedType, term, TestedValues(term, type, rows)).Bind(RandomData.SchemaOf(type));
        var inclusive = projection.Inclusive(bound);
        var strict = projection.Strict(bound);
        var manifest = Manifest(function, rows);
        foreach (object? value in rows)
        {
            object?[] partition = [function.Apply(value)];
            bool matches = bound.MatchesRow(_ => value);
            string what = $"{bound} over {transform}({type}), value {value}, partition {partition[0]}";
            Assert.True(!matches || inclusive.MatchesPartition(partition), $"inclusive {inclusive} loses {what}");
            Assert.True(matches || !strict.MatchesPartition(partition), $"strict {strict} claims {what}");
            Assert.True(!matches || inclusive.MightMatchManifest(manifest), $"manifest loses {what}");
            Assert.True(projection.Residual(bound, partition).MatchesRow(_ => value) == matches, $"residual changes {what}");
        }
    }).Check(Config);

    [Fact]
    public void Planning_RandomFilesOfPartitions_KeepsEveryMatchAndClaimsNoOther() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var (type, transform, function, projection, rows) = RandomPartitions(random);
        var (term, testedType) = RandomTerm(random, type);
        var bound = RandomData.Predicate(random, testedType, term, TestedValues(term, type, rows)).Bind(RandomData.SchemaOf(type));
        foreach (var group in rows.GroupBy(v => function.ToHumanString(function.Apply(v))))
        {
            object?[] values = [.. group], partition = [function.Apply(values[0])];
            var file = RandomData.File(random, type, values);
            var residual = projection.Residual(bound, partition);
            bool kept = projection.Inclusive(bound).MatchesPartition(partition) && residual.MightMatchFile(file);
            string what = $"{bound} over {transform}({type}), partition {group.Key}";
            Assert.True(kept || !values.Any(v => bound.MatchesRow(_ => v)), $"drops a match of {what}");
            Assert.True(!residual.MustMatchFile(file) || values.All(v => bound.MatchesRow(_ => v)), $"claims all rows for {what}");
        }
    }).Check(Config);

    private static (IcebergType Type, Transform Transform, TransformFunction Function, PartitionProjection Projection, object?[] Rows) RandomPartitions(Random random)
    {
        var type = RandomData.Types[random.Next(RandomData.Types.Length)];
        var transform = RandomTransform(random, type);
        var projection = new PartitionProjection(new PartitionSpec(0, [new PartitionField(1, 1000, "p", transform)]));
        return (type, transform, transform.Bind(type), projection, RandomData.Rows(random, type));
    }

    private static (Term Term, IcebergType Type) RandomTerm(Random random, IcebergType type)
    {
        var transform = random.Next(4) == 0 ? RandomTransform(random, type) : Transform.Identity;
        return transform.Kind == TransformKind.Identity ? (Term.Column("k"), type) : (new Term("k", null, transform), transform.ResultType(type));
    }

    private static Transform RandomTransform(Random random, IcebergType type)
    {
        Transform[] all = [Transform.Identity, Transform.Bucket(3), Transform.Truncate(1), Transform.Truncate(2), Transform.Truncate(10), Transform.Year, Transform.Month, Transform.Day, Transform.Hour];
        Transform[] allowed = [.. all.Where(t => t.CanTransform(type))];
        return allowed[random.Next(allowed.Length)];
    }

    private static object?[] TestedValues(Term term, IcebergType type, object?[] rows) =>
        [.. rows.Select(term.Transform.Bind(type).Apply)];

    private static ManifestFile Manifest(TransformFunction function, object?[] rows)
    {
        object?[] values = [.. rows.Select(function.Apply)];
        object[] ordered = [.. values.Where(v => v is not null && !LiteralValue.IsNaN(v)).Select(v => v!).Order(Comparer<object>.Create(LiteralValue.Compare))];
        byte[]? Bound(object? v) => v is null ? null : BinarySingleValue.Serialize(function.ResultType, v);
        var summary = new FieldSummary(values.Contains(null), values.Any(LiteralValue.IsNaN), Bound(ordered.FirstOrDefault()), Bound(ordered.LastOrDefault()));
        return new ManifestFile { ManifestPath = "m", ManifestLength = 1, PartitionSpecId = 0, Partitions = [summary] };
    }
}
