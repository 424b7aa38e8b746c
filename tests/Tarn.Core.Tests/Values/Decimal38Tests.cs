using System.Numerics;
using Tarn.Core.Values;

namespace Tarn.Core.Tests.Values;

public sealed class Decimal38Tests
{
    private const string Largest = "99999999999999999999999999999999999999";

    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("-0.050", 3, "-0.050")]
    [InlineData("+12.5", 1, "12.5")]
    [InlineData(".5", 1, "0.5")]
    [InlineData("1e3", 0, "1000")]
    [InlineData("1.25E-2", 4, "0.0125")]
    [InlineData(Largest, 0, Largest)]
    [InlineData("-0." + Largest, 38, "-0." + Largest)]
    public void TryParse_Number_KeepsItsDigits(string text, int scale, string shown)
    {
        Assert.True(Decimal38.TryParse(text, out var value));
        Assert.Equal((scale, shown), (value.Scale, value.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("1 2")]
    [InlineData("1,5")]
    [InlineData("1.-5")]
    [InlineData("e5")]
    [InlineData("NaN")]
    [InlineData("1" + Largest)]
    [InlineData("1e39")]
    public void TryParse_NotADecimalOf38Digits_IsFalse(string text) => Assert.False(Decimal38.TryParse(text, out _));

    [Fact]
    public void From_AnyDecimal_ComesBackExact()
    {
        var random = new Random(7);
        foreach (var value in Enumerable.Range(0, 1000).Select(_ => Any(random)).Concat([decimal.MaxValue, decimal.MinValue, 0m, -0.0000000000000000000000000001m]))
        {
            var exact = Decimal38.From(value);
            Assert.Equal(value.ToString(System.Globalization.CultureInfo.InvariantCulture), exact.ToString());
            Assert.True(exact.TryToDecimal(out var back));
            Assert.Equal(value, back);
            Assert.Equal(value.Scale, back.Scale);
        }
    }

    private static decimal Any(Random random) =>
        new(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29));

    [Fact]
    public void TryToDecimal_TooManyDigits_IsFalse()
    {
        Assert.False(new Decimal38(Int128.Parse(Largest), 0).TryToDecimal(out _));
        Assert.False(new Decimal38(1, 29).TryToDecimal(out _));
    }

    [Fact]
    public void CompareTo_AnyTwo_IsTheOrderOfTheNumbers()
    {
        var random = new Random(11);
        for (var i = 0; i < 1000; i++)
        {
            var left = new Decimal38(random.NextInt64(-1000, 1000), random.Next(39));
            var right = new Decimal38(random.NextInt64(-1000, 1000), random.Next(39));
            Assert.Equal(Math.Sign(Scaled(left).CompareTo(Scaled(right))), Math.Sign(left.CompareTo(right)));
        }
    }

    private static BigInteger Scaled(Decimal38 value) => (BigInteger)value.Unscaled * BigInteger.Pow(10, 38 - value.Scale);

    [Theory]
    [InlineData("0", 1)]
    [InlineData("9", 1)]
    [InlineData("-10", 2)]
    [InlineData("0.001", 1)]
    [InlineData(Largest, 38)]
    public void Precision_IsTheNumberOfDigits(string text, int precision)
    {
        Assert.True(Decimal38.TryParse(text, out var value));
        Assert.Equal(precision, value.Precision);
    }

    [Fact]
    public void TryRescale_LosingDigits_IsFalse()
    {
        Assert.True(new Decimal38(1250, 2).TryRescale(1, out var shorter));
        Assert.Equal(new Decimal38(125, 1), shorter);
        Assert.False(new Decimal38(1251, 2).TryRescale(1, out _));
        Assert.False(new Decimal38(Int128.Parse(Largest), 0).TryRescale(1, out _));
    }

    [Theory]
    [InlineData("0.05", 2, "0.05")]
    [InlineData("24", 2, "24.00")]
    [InlineData("1.50", 1, "1.5")]
    public void TryRescale_IntoItsOwnVariable_KeepsTheValue(string text, int scale, string expected)
    {
        Assert.True(Decimal38.TryParse(text, out var value));
        Assert.True(value.TryRescale(scale, out value));
        Assert.Equal(expected, value.ToString());
    }
}
