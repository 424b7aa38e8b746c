using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Expressions;

/// <summary>Bounds and counts that writers got wrong must not lose rows.</summary>
public sealed class ColumnMetricsTests
{
    [Fact]
    public void MightMatchFile_TextBoundCutWithinACharacter_IsUnknown()
    {
        // The last byte begins a character: read leniently it would lie above every real text.
        Assert.True(MightMatch(SimpleType.String, "ab\u00e9"u8[..3].ToArray(), "z"u8.ToArray(), Operation.Lt, Literal.Of("abz")));
        Assert.False(MightMatch(SimpleType.String, "abc"u8.ToArray(), "z"u8.ToArray(), Operation.Lt, Literal.Of("abb")));
    }

    [Fact]
    public void MightMatchFile_BoundsTheWrongWayRound_AreUnknown() =>
        Assert.True(MightMatch(SimpleType.Int, BinarySingleValue.Serialize(SimpleType.Int, 9), BinarySingleValue.Serialize(SimpleType.Int, 3), Operation.Eq, Literal.Of(5)));

    [Fact]
    public void MightMatchFile_NaNBounds_AreUnknown() =>
        Assert.True(MightMatch(SimpleType.Double, BinarySingleValue.Serialize(SimpleType.Double, double.NaN), BinarySingleValue.Serialize(SimpleType.Double, double.NaN), Operation.Lt, Literal.Of(1.0)));

    [Fact]
    public void MightMatchFile_UuidBoundsInSignedOrder_AreWidened()
    {
        byte[] Bytes(string uuid) => BinarySingleValue.Serialize(SimpleType.Uuid, Guid.Parse(uuid));
        byte[] negative = Bytes("f79c3e09-677c-4bbd-a479-3f349cb785e7"), positive = Bytes("00000000-0000-0000-0000-000000000000");
        var between = Literal.Of(Guid.Parse("80000000-0000-0000-0000-000000000000"));
        Assert.True(MightMatch(SimpleType.Uuid, negative, positive, Operation.Eq, between));
        Assert.False(MightMatch(SimpleType.Uuid, positive, negative, Operation.Eq, Literal.Of(Guid.Parse("f8000000-0000-0000-0000-000000000000"))));
        Assert.True(MightMatch(SimpleType.Uuid, Bytes("00000000-0000-0001-8000-000000000000"), negative, Operation.Eq, Literal.Of(Guid.Parse("00000000-0000-0001-0000-000000000000"))));
        Assert.False(MightMatch(SimpleType.Uuid, positive, positive, Operation.Eq, between));
    }

    [Fact]
    public void MightMatchFile_NoValuesCounted_IsUnknown()
    {
        var file = File(null, null) with { ValueCounts = new Dictionary<int, long> { [1] = 0 }, NullValueCounts = new Dictionary<int, long> { [1] = 0 } };
        Assert.True(Expression.Test(Operation.NotNull, Term.Column("k")).Bind(Schema(SimpleType.Int)).MightMatchFile(file));
    }

    [Fact]
    public void MightMatchFile_ArbitraryBounds_NeverThrow()
    {
        var random = new Random(7);
        foreach (var type in RandomData.Types)
        {
            for (int i = 0; i < 300; i++)
            {
                byte[] lower = new byte[random.Next(20)], upper = new byte[random.Next(20)];
                random.NextBytes(lower);
                random.NextBytes(upper);
                var predicate = RandomData.Predicate(random, type, Term.Column("k"), [RandomData.Value(random, type)]).Bind(Schema(type));
                predicate.MightMatchFile(File(lower, upper));
                predicate.MustMatchFile(File(lower, upper));
            }
        }
    }

    private static bool MightMatch(IcebergType type, byte[] lower, byte[] upper, Operation operation, Literal literal) =>
        Expression.Compare(operation, Term.Column("k"), literal).Bind(Schema(type)).MightMatchFile(File(lower, upper));

    private static Schema Schema(IcebergType type) => RandomData.SchemaOf(type);

    private static DataFile File(byte[]? lower, byte[]? upper) => new()
    {
        FilePath = "f",
        Format = FileFormat.Parquet,
        RecordCount = 3,
        FileSizeInBytes = 1,
        LowerBounds = lower is null ? null : new Dictionary<int, byte[]> { [1] = lower },
        UpperBounds = upper is null ? null : new Dictionary<int, byte[]> { [1] = upper },
    };
}
