using System.Text;
using Tarn.Core.Values;
using Tarn.Engine.Parquet;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Tests.Parquet;

public sealed class StatisticsValueTests
{
    [Fact]
    public void Convert_IntegerOfAnEarlierType_GivesTheTypeOfNow()
    {
        var leaf = Leaf(ParquetPhysicalType.Int32);
        Assert.Equal(-5L, Value(leaf, SimpleType.Long, BitConverter.GetBytes(-5)));
        Assert.Equal(-5, Value(leaf, SimpleType.Int, BitConverter.GetBytes(-5)));
        Assert.Equal(uint.MaxValue, (long)Value(leaf with { Annotation = ParquetAnnotation.Integer, BitWidth = 32, IsSigned = false }, SimpleType.Long, [255, 255, 255, 255])!);
    }

    [Fact]
    public void Convert_OtherUnits_AreScaled()
    {
        var millis = Leaf(ParquetPhysicalType.Int64) with { Annotation = ParquetAnnotation.TimestampMillis };
        Assert.Equal(7000L, Value(millis, SimpleType.Timestamp, BitConverter.GetBytes(7L)));
        Assert.Equal(7_000_000L, Value(millis, SimpleType.TimestampNs, BitConverter.GetBytes(7L)));
        Assert.Null(Value(millis, SimpleType.Timestamp, BitConverter.GetBytes(long.MaxValue)));
        Assert.Null(Value(millis with { Annotation = ParquetAnnotation.TimestampNanos }, SimpleType.Timestamp, BitConverter.GetBytes(7L)));
        Assert.Equal(86_400_000_000L, Value(Leaf(ParquetPhysicalType.Int32) with { Annotation = ParquetAnnotation.Date }, SimpleType.Timestamp, BitConverter.GetBytes(1)));
    }

    [Fact]
    public void Convert_Decimal_ReadsBothForms()
    {
        var type = new DecimalType(9, 2);
        Assert.Equal(new Decimal38(-300, 2), Value(Leaf(ParquetPhysicalType.Int32) with { Annotation = ParquetAnnotation.Decimal, Scale = 2 }, type, BitConverter.GetBytes(-300)));
        Assert.Equal(new Decimal38(-300, 2), Value(Leaf(ParquetPhysicalType.FixedLenByteArray) with { Annotation = ParquetAnnotation.Decimal, Scale = 2 }, type, [0xFE, 0xD4]));
    }

    [Fact]
    public void Convert_ZeroBound_StandsForBothZeros()
    {
        var leaf = Leaf(ParquetPhysicalType.Double);
        Assert.True(double.IsNegative((double)Value(leaf, SimpleType.Double, BitConverter.GetBytes(0.0))!));
        Assert.False(double.IsNegative((double)Value(leaf, SimpleType.Double, BitConverter.GetBytes(-0.0), isLower: false)!));
    }

    [Theory]
    [InlineData(ParquetPhysicalType.Int96, 12)]
    [InlineData(ParquetPhysicalType.Int64, 4)]
    [InlineData(ParquetPhysicalType.ByteArray, 8)]
    public void Convert_BytesThatDoNotFit_TellNothing(ParquetPhysicalType physical, int length) =>
        Assert.Null(Value(Leaf(physical), SimpleType.Long, new byte[length]));

    [Fact]
    public void Convert_TextCutWithinACharacter_TellsNothing()
    {
        var leaf = Leaf(ParquetPhysicalType.ByteArray) with { Annotation = ParquetAnnotation.String };
        Assert.Null(Value(leaf, SimpleType.String, Encoding.UTF8.GetBytes("né")[..2]));
        Assert.Equal("né", Value(leaf, SimpleType.String, Encoding.UTF8.GetBytes("né")));
        Assert.Null(Value(leaf, SimpleType.String, null));
    }

    private static ParquetColumn Leaf(ParquetPhysicalType type) => new() { Name = "c", PhysicalType = type };

    private static object? Value(ParquetColumn leaf, IcebergType type, byte[]? bound, bool isLower = true) =>
        StatisticsValue.Convert(leaf, type, bound, isLower) is { } bytes ? BinarySingleValue.Deserialize(type, bytes) : null;
}
