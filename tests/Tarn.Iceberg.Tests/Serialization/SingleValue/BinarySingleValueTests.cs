using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Serialization.SingleValue;

public sealed class BinarySingleValueTests
{
    public static TheoryData<IcebergType, object, string> Values => new()
    {
        { SimpleType.Boolean, false, "00" },
        { SimpleType.Boolean, true, "01" },
        { SimpleType.Int, 1234, "d2040000" },
        { SimpleType.Date, -1, "ffffffff" },
        { SimpleType.Long, 1234L, "d204000000000000" },
        { SimpleType.Time, 10000L, "1027000000000000" },
        { SimpleType.Timestamp, 400000L, "801a060000000000" },
        { SimpleType.TimestampTzNs, -2L, "feffffffffffffff" },
        { SimpleType.Float, -4.5f, "000090c0" },
        { SimpleType.Double, 6.0, "0000000000001840" },
        { SimpleType.String, "ABC", "414243" },
        { SimpleType.String, "", "" },
        { SimpleType.Uuid, Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7"), "f79c3e09677c4bbda4793f349cb785e7" },
        { new FixedType(2), new byte[] { 0x61, 0x62 }, "6162" },
        { SimpleType.Binary, new byte[] { 0x5a }, "5a" },
        { new DecimalType(9, 2), new Decimal38(1420, 2), "058c" },
        { new DecimalType(9, 2), new Decimal38(-1, 2), "ff" },
        { new DecimalType(9, 2), new Decimal38(128, 2), "0080" },
        { new DecimalType(38, 0), new Decimal38(Decimal38.PowerOfTen(38) - 1, 0), "4b3b4ca85a86c47a098a223fffffffff" },
        { new DecimalType(38, 0), new Decimal38(1 - Decimal38.PowerOfTen(38), 0), "b4c4b357a5793b85f675ddc000000001" },
    };

    [Theory, MemberData(nameof(Values))]
    public void Serialize_Value_GivesBytesAndReadsBack(IcebergType type, object value, string hex)
    {
        Assert.Equal(hex, Convert.ToHexStringLower(BinarySingleValue.Serialize(type, value)));
        Assert.Equal(value, BinarySingleValue.Deserialize(type, Convert.FromHexString(hex)));
    }

    [Fact]
    public void Deserialize_WidthOfEarlierType_IsPromoted()
    {
        Assert.Equal(-2L, BinarySingleValue.Deserialize(SimpleType.Long, BinarySingleValue.Serialize(SimpleType.Int, -2)));
        Assert.Equal(1.5, BinarySingleValue.Deserialize(SimpleType.Double, BinarySingleValue.Serialize(SimpleType.Float, 1.5f)));
        Assert.Equal(-86_400_000_000L, BinarySingleValue.Deserialize(SimpleType.Timestamp, BinarySingleValue.Serialize(SimpleType.Date, -1)));
        Assert.Equal(86_400_000_000_000L, BinarySingleValue.Deserialize(SimpleType.TimestampNs, BinarySingleValue.Serialize(SimpleType.Date, 1)));
    }

    [Fact]
    public void Deserialize_WrongLength_Throws()
    {
        foreach (IcebergType type in new IcebergType[] { SimpleType.Boolean, SimpleType.Int, SimpleType.Long, SimpleType.Double, SimpleType.Uuid, new DecimalType(9, 2) })
        {
            var error = Assert.Throws<TarnException>(() => BinarySingleValue.Deserialize(type, []));
            Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        }
    }

    [Fact]
    public void UpperString_LongText_IncrementsTheLastCodePointThatCan()
    {
        Assert.Equal("abd", BoundTruncation.UpperString("abcd", 3));
        Assert.Equal("abc", BoundTruncation.UpperString("abc", 3));
        Assert.Equal("b", BoundTruncation.UpperString("a\U0010FFFFx", 2));
        Assert.Null(BoundTruncation.UpperString("\U0010FFFF\U0010FFFFx", 2));
        Assert.Equal("a\uE000", BoundTruncation.UpperString("a\uD7FFx", 2));
        Assert.Equal("\U0001F601", BoundTruncation.UpperString("\U0001F600\U0001F600", 1));
        Assert.Equal("\U0001F600", BoundTruncation.LowerString("\U0001F600\U0001F600", 1));
    }

    [Fact]
    public void UpperBinary_LongBytes_IncrementsTheLastByteThatCan()
    {
        Assert.Equal(new byte[] { 2 }, BoundTruncation.UpperBinary([1, 255, 3], 2));
        Assert.Null(BoundTruncation.UpperBinary([255, 255, 3], 2));
        Assert.Equal(new byte[] { 1, 2 }, BoundTruncation.UpperBinary([1, 2], 2));
        Assert.Equal(new byte[] { 1, 2 }, BoundTruncation.LowerBinary([1, 2, 3], 2));
    }
}
