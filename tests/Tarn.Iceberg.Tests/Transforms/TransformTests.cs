using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Tests.Transforms;

public sealed class TransformTests
{
    private const long Micros = 1_510_871_468_000_000;

    public static TheoryData<object, int> Hashes => new()
    {
        { 34, 2017239379 },
        { 34L, 2017239379 },
        { new Decimal38(1420, 2), -500754589 },
        { 17486, -653330422 },
        { 81_068_000_000L, -662762989 },
        { Micros, -2047944441 },
        { Micros + 1, -1207196810 },
        { "iceberg", 1210000089 },
        { Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7"), 1488055340 },
        { new byte[] { 0, 1, 2, 3 }, -188683207 },
        { true, 1392991556 },
        { 1.0f, -142385009 },
        { 1.0, -142385009 },
        { -0.0f, 1669671676 },
        { 0.0, 1669671676 },
        { -0.0, 1669671676 },
    };

    [Theory, MemberData(nameof(Hashes))]
    public void HashValue_VectorsOfTheSpecification_Match(object value, int hash) => Assert.Equal(hash, Murmur3.HashValue(value));

    [Fact]
    public void Bucket_Nanoseconds_HashAsMicroseconds()
    {
        var micros = Transform.Bucket(1000).Bind(SimpleType.Timestamp);
        var nanos = Transform.Bucket(1000).Bind(SimpleType.TimestampNs);
        Assert.Equal((-1207196810 & int.MaxValue) % 1000, nanos.Apply(((Micros + 1) * 1000) + 1));
        Assert.Equal(micros.Apply(-1L), nanos.Apply(-1L));
        Assert.Null(nanos.Apply(null));
    }

    public static TheoryData<int, IcebergType, object, object> Truncated => new()
    {
        { 10, SimpleType.Int, 1, 0 },
        { 10, SimpleType.Int, -1, -10 },
        { 10, SimpleType.Int, int.MinValue, 2147483646 },
        { 10, SimpleType.Long, -1L, -10L },
        { 50, new DecimalType(9, 2), new Decimal38(1065, 2), new Decimal38(1050, 2) },
        { 10, new DecimalType(9, 2), new Decimal38(-5, 2), new Decimal38(-10, 2) },
        { 3, SimpleType.String, "iceberg", "ice" },
        { 1, SimpleType.String, "\U0001F600b", "\U0001F600" },
        { 3, SimpleType.Binary, new byte[] { 1, 2, 3, 4, 5 }, new byte[] { 1, 2, 3 } },
    };

    [Theory, MemberData(nameof(Truncated))]
    public void Truncate_Value_RoundsDown(int width, IcebergType type, object value, object result) =>
        Assert.Equal(result, Transform.Truncate(width).Bind(type).Apply(value));

    public static TheoryData<Transform, IcebergType, object?, object?> Ranges => new()
    {
        { Transform.Truncate(10), SimpleType.Int, -2147483640, null },
        { Transform.Truncate(16), SimpleType.Int, null, null },
        { Transform.Truncate(int.MaxValue), SimpleType.Int, -int.MaxValue, null },
        { Transform.Truncate(10), SimpleType.Long, -9223372036854775800, null },
        { Transform.Truncate(10), new DecimalType(9, 2), new Decimal38(-999_999_990, 2), null },
        { Transform.Truncate(3), new DecimalType(9, 2), null, null },
        { Transform.Truncate(1000), new DecimalType(2, 0), new Decimal38(0, 0), null },
        { Transform.Truncate(10), SimpleType.String, null, null },
        { Transform.Hour, SimpleType.TimestampTz, -7_730_941_132_800_000_000, 7_730_941_132_799_999_999 },
        { Transform.Hour, SimpleType.TimestampNs, null, null },
        { Transform.Month, SimpleType.Timestamp, null, null },
    };

    [Theory, MemberData(nameof(Ranges))]
    public void Range_OfTransform_EndsWhereResultsLeaveTheirType(Transform transform, IcebergType type, object? lowest, object? highest) =>
        Assert.Equal(lowest is null && highest is null ? null : new TransformRange(lowest, highest), transform.Bind(type).Range);

    [Fact]
    public void TimeTransforms_BeforeTheEpoch_RoundDown()
    {
        Assert.Equal(-1, Transform.Year.Bind(SimpleType.Date).Apply(-1));
        Assert.Equal(-1, Transform.Month.Bind(SimpleType.Timestamp).Apply(-1L));
        Assert.Equal(-1, Transform.Day.Bind(SimpleType.TimestampTz).Apply(-1L));
        Assert.Equal(-1, Transform.Hour.Bind(SimpleType.TimestampNs).Apply(-1L));
        Assert.Equal(574, Transform.Month.Bind(SimpleType.TimestampTz).Apply(Micros));
        Assert.Equal(419686, Transform.Hour.Bind(SimpleType.TimestampTz).Apply(Micros));
        Assert.Equal(-1969, Transform.Year.Bind(SimpleType.Date).Apply(-719162));
    }

    [Fact]
    public void Civil_EveryDayOfTheCalendar_AgreesWithDateOnly()
    {
        for (int day = 0; day < 3_652_059; day += 7)
        {
            var date = DateOnly.FromDayNumber(day);
            Assert.Equal((date.Year, date.Month, date.Day), TimeTransforms.Civil(day - 719_162));
        }
    }

    public static TheoryData<Transform, IcebergType, object?, string> Texts => new()
    {
        { Transform.Year, SimpleType.Date, 47, "2017" },
        { Transform.Month, SimpleType.Date, -1, "1969-12" },
        { Transform.Day, SimpleType.Date, 17486, "2017-11-16" },
        { Transform.Hour, SimpleType.Timestamp, -2, "1969-12-31-22" },
        { Transform.Identity, SimpleType.Date, -719162, "0001-01-01" },
        { Transform.Identity, SimpleType.Time, 0L, "00:00" },
        { Transform.Identity, SimpleType.Time, 81_068_000_000L, "22:31:08" },
        { Transform.Identity, SimpleType.Time, 1_000L, "00:00:00.001" },
        { Transform.Identity, SimpleType.Timestamp, -1L, "1969-12-31T23:59:59.999999" },
        { Transform.Identity, SimpleType.TimestampTz, 100_000L, "1970-01-01T00:00:00.1+00:00" },
        { Transform.Identity, SimpleType.TimestampNs, 1L, "1970-01-01T00:00:00.000000001" },
        { Transform.Identity, SimpleType.String, null, "null" },
        { Transform.Identity, SimpleType.Boolean, true, "true" },
        { Transform.Identity, SimpleType.Binary, new byte[] { 0, 1, 2, 3 }, "AAECAw==" },
        { Transform.Identity, new DecimalType(38, 10), new Decimal38(1, 10), "1E-10" },
        { Transform.Identity, new DecimalType(38, 10), new Decimal38(0, 10), "0E-10" },
        { Transform.Identity, new DecimalType(38, 10), new Decimal38(-123, 10), "-1.23E-8" },
        { Transform.Identity, new DecimalType(9, 2), new Decimal38(0, 2), "0.00" },
        { Transform.Identity, SimpleType.Double, 0.1, "0.1" },
        { Transform.Identity, SimpleType.Double, -0.0, "-0.0" },
        { Transform.Identity, SimpleType.Double, 1e10, "1.0E10" },
        { Transform.Identity, SimpleType.Double, 1234567.0, "1234567.0" },
        { Transform.Identity, SimpleType.Double, 12000.5, "12000.5" },
        { Transform.Identity, SimpleType.Double, 0.001, "0.001" },
        { Transform.Identity, SimpleType.Double, 1.25e-5, "1.25E-5" },
        { Transform.Identity, SimpleType.Double, 100.0, "100.0" },
        { Transform.Identity, SimpleType.Float, 3.4028235E38f, "3.4028235E38" },
        { Transform.Identity, SimpleType.Float, float.NaN, "NaN" },
    };

    [Theory, MemberData(nameof(Texts))]
    public void ToHumanString_Value_IsAsInPaths(Transform transform, IcebergType source, object? value, string text) =>
        Assert.Equal(text, transform.Bind(source).ToHumanString(value));

    [Fact]
    public void ToPath_NamesAndValues_AreFormEncoded()
    {
        var spec = new PartitionSpec(0, [new PartitionField(1, 1000, "a b", Transform.Identity), new PartitionField(2, 1001, "p", Transform.Bucket(4))]);
        var schema = new Schema(0, [new NestedField(1, "a", false, SimpleType.String), new NestedField(2, "b", false, SimpleType.Int)]);
        Assert.Equal("a+b=a%2Fb%3Dc%26d%3Fe%23%C3%A4*-._/p=null", spec.ToPath(spec.PartitionType(schema), ["a/b=c&d?e#ä*-._", null]));
    }

    [Fact]
    public void Bind_WrongType_NamesBoth()
    {
        var error = Assert.Throws<TarnException>(() => Transform.Year.Bind(SimpleType.Int));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("year", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<TarnException>(() => Transform.Parse("zorder[3]").Bind(SimpleType.Int)).Kind);
    }
}
