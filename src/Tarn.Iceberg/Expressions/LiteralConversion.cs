using System.Globalization;
using System.Numerics;
using Tarn.Core.Values;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Expressions;

/// <summary>How a converted literal relates to the original.</summary>
internal enum Fit
{
    /// <summary>The same value.</summary>
    Exact,

    /// <summary>The largest value of the type that is below the original.</summary>
    RoundedDown,

    /// <summary>A nearest floating-point value below the original.</summary>
    NearestBelow,

    /// <summary>A nearest floating-point value above the original.</summary>
    NearestAbove,

    /// <summary>Larger than all values of the type; there is no value.</summary>
    AboveMax,

    /// <summary>Smaller than all values of the type; there is no value.</summary>
    BelowMin,

    /// <summary>The types have nothing to do with each other; there is no value.</summary>
    Impossible,
}

/// <summary>A literal in the type of its term.</summary>
internal readonly record struct ConvertedLiteral(object? Value, Fit Fit)
{
    public static implicit operator ConvertedLiteral(Fit fit) => new(null, fit);

    public static ConvertedLiteral Exact(object? value) => new(value, value is null ? Fit.Impossible : Fit.Exact);
}

/// <summary>Converts literals to the type of a term: without loss, or telling in which direction it rounded.</summary>
internal static class LiteralConversion
{
    private const long MicrosPerDay = 86_400_000_000;

    public static ConvertedLiteral Convert(Literal literal, IcebergType target) => target.Id switch
    {
        _ when literal.Type.Equals(target) => ConvertedLiteral.Exact(literal.Value),
        TypeId.Int => ToInteger(literal, int.MinValue, int.MaxValue, n => (int)n),
        TypeId.Long => ToInteger(literal, long.MinValue, long.MaxValue, n => (long)n),
        TypeId.Float => ToFloat(literal),
        TypeId.Double => ToDouble(literal),
        TypeId.Decimal => ToDecimal(literal, (DecimalType)target),
        TypeId.Date => ToDate(literal),
        TypeId.Time => literal.Value switch
        {
            string text => ConvertedLiteral.Exact(TemporalText.Time(text)),
            long micros when literal.Type.Id == TypeId.Long => ConvertedLiteral.Exact(micros),
            _ => Fit.Impossible,
        },
        TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs or TypeId.TimestampTzNs => ToTimestamp(literal, target.Id),
        TypeId.Uuid => literal.Value is string text && Guid.TryParse(text, out Guid uuid) ? ConvertedLiteral.Exact(uuid) : Fit.Impossible,
        TypeId.Fixed => ToBytes(literal) is { } bytes && bytes.Length == ((FixedType)target).Length ? ConvertedLiteral.Exact(bytes) : Fit.Impossible,
        TypeId.Binary => ConvertedLiteral.Exact(ToBytes(literal)),
        _ => Fit.Impossible,
    };

    private static ConvertedLiteral ToInteger(Literal literal, long min, long max, Func<Int128, object> box)
    {
        var (floor, exact, sign) = Floor(literal, 0);
        if (sign is null)
            return Fit.Impossible;
        if (sign > 0 || floor > max)
            return Fit.AboveMax;
        if (sign < 0 || floor < min)
            return Fit.BelowMin;
        return new(box((Int128)floor), exact ? Fit.Exact : Fit.RoundedDown);
    }

    private static ConvertedLiteral ToDecimal(Literal literal, DecimalType type)
    {
        if (literal.Value is string text)
            return Decimal38.TryParse(text, out var parsed) ? ToDecimal(Literal.Of(parsed), type) : Fit.Impossible;
        var (floor, exact, sign) = Floor(literal, type.Scale);
        if (sign is null)
            return Fit.Impossible;
        var limit = BigInteger.Pow(10, type.Precision);
        if (sign > 0 || floor >= limit)
            return Fit.AboveMax;
        if (sign < 0 || floor <= -limit)
            return Fit.BelowMin;
        return new(new Decimal38((Int128)floor, type.Scale), exact ? Fit.Exact : Fit.RoundedDown);
    }

    // floor(value × 10^scale); Sign is 1 or -1 for infinities, null when the literal is no number.
    private static (BigInteger Floor, bool Exact, int? Sign) Floor(Literal literal, int scale)
    {
        switch (literal.Type.Id, literal.Value)
        {
            case (TypeId.Int or TypeId.Long, IConvertible number):
                return (number.ToInt64(CultureInfo.InvariantCulture) * BigInteger.Pow(10, scale), true, 0);
            case (_, Decimal38 number):
                return Shift(number.Unscaled, scale - number.Scale);
            case (_, float number):
                return FloorDouble(number, scale);
            case (_, double number):
                return FloorDouble(number, scale);
            default:
                return (default, false, null);
        }
    }

    private static (BigInteger Floor, bool Exact, int? Sign) FloorDouble(double number, int scale)
    {
        if (double.IsInfinity(number))
            return (default, false, number > 0 ? 1 : -1);
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        if (bits < 0)
            mantissa = -mantissa;
        mantissa *= BigInteger.Pow(10, scale);
        int shift = Math.Max(exponent, 1) - 1075;
        if (shift >= 0)
            return (mantissa << shift, true, 0);
        var floor = mantissa >> -shift;
        return (floor, floor << -shift == mantissa, 0);
    }

    private static (BigInteger Floor, bool Exact, int? Sign) Shift(BigInteger unscaled, int digits)
    {
        if (digits >= 0)
            return (unscaled * BigInteger.Pow(10, digits), true, 0);
        var quotient = BigInteger.DivRem(unscaled, BigInteger.Pow(10, -digits), out var remainder);
        return (remainder.Sign < 0 ? quotient - 1 : quotient, remainder.IsZero, 0);
    }

    private static ConvertedLiteral ToFloat(Literal literal)
    {
        var converted = ToDouble(literal);
        if (converted.Value is not double wide)
            return Fit.Impossible;
        float narrow = (float)wide;
        if (float.IsInfinity(narrow) && !double.IsInfinity(wide))
            return wide > 0 ? Fit.AboveMax : Fit.BelowMin;
        return new(narrow, Nearest(((double)narrow).CompareTo(wide), converted.Fit));
    }

    private static ConvertedLiteral ToDouble(Literal literal)
    {
        double? number = (literal.Type.Id, literal.Value) switch
        {
            (TypeId.Int or TypeId.Long, IConvertible n) => n.ToDouble(CultureInfo.InvariantCulture),
            (_, float n) => n,
            (_, double n) => n,
            (_, Decimal38 n) => double.Parse(n.ToString(), CultureInfo.InvariantCulture),
            _ => null,
        };
        if (number is not { } value)
            return Fit.Impossible;
        if (literal.Value is float or double or int)
            return new(value, Fit.Exact);
        int scale = literal.Value is Decimal38 d ? d.Scale : 0;
        var original = Floor(literal, scale).Floor;
        var (floor, exact, _) = FloorDouble(value, scale);
        int order = floor.CompareTo(original);
        return new(value, Nearest(order != 0 ? order : exact ? 0 : 1, Fit.Exact));
    }

    private static Fit Nearest(int order, Fit otherwise) => order < 0 ? Fit.NearestBelow : order > 0 ? Fit.NearestAbove : otherwise;

    private static ConvertedLiteral ToDate(Literal literal) => (literal.Type.Id, literal.Value) switch
    {
        (_, string text) => ConvertedLiteral.Exact(TemporalText.Date(text)),
        (TypeId.Int or TypeId.Date, int days) => ConvertedLiteral.Exact(days),
        (TypeId.Long, long) => ToInteger(literal, int.MinValue, int.MaxValue, n => (int)n),
        (TypeId.Timestamp or TypeId.TimestampTz, long micros) => Quotient(micros, MicrosPerDay, static days => (int)days),
        (TypeId.TimestampNs or TypeId.TimestampTzNs, long nanos) => Quotient(nanos, MicrosPerDay * 1000, static days => (int)days),
        _ => Fit.Impossible,
    };

    private static ConvertedLiteral ToTimestamp(Literal literal, TypeId target)
    {
        bool nanos = target is TypeId.TimestampNs or TypeId.TimestampTzNs;
        long unitsPerDay = nanos ? MicrosPerDay * 1000 : MicrosPerDay;
        return (literal.Type.Id, literal.Value) switch
        {
            (_, string text) => TemporalText.Timestamp(text, target is TypeId.TimestampTz or TypeId.TimestampTzNs) is { } instant
                ? nanos ? Product(instant, 1) : Quotient(instant, 1000, static micros => micros)
                : Fit.Impossible,
            (TypeId.Date, int days) => Product(days, unitsPerDay),
            (TypeId.Long or TypeId.Timestamp or TypeId.TimestampTz, long micros) => Product(micros, nanos ? 1000 : 1),
            (TypeId.TimestampNs or TypeId.TimestampTzNs, long n) => nanos ? ConvertedLiteral.Exact(n) : Quotient(n, 1000, static micros => micros),
            _ => Fit.Impossible,
        };
    }

    private static ConvertedLiteral Quotient(Int128 value, long divisor, Func<long, object> box)
    {
        var (quotient, remainder) = Int128.DivRem(value, divisor);
        var floor = remainder < 0 ? quotient - 1 : quotient;
        if (floor > long.MaxValue)
            return Fit.AboveMax;
        if (floor < long.MinValue)
            return Fit.BelowMin;
        return new(box((long)floor), remainder == 0 ? Fit.Exact : Fit.RoundedDown);
    }

    private static ConvertedLiteral Product(Int128 value, long factor)
    {
        var product = value * factor;
        if (product > long.MaxValue)
            return Fit.AboveMax;
        return product < long.MinValue ? Fit.BelowMin : ConvertedLiteral.Exact((long)product);
    }

    private static byte[]? ToBytes(Literal literal)
    {
        switch (literal.Value)
        {
            case byte[] bytes:
                return bytes;
            case string { Length: var length } hex when length % 2 == 0:
                byte[] decoded = new byte[length / 2];
                return System.Convert.FromHexString(hex, decoded, out _, out _) == System.Buffers.OperationStatus.Done ? decoded : null;
            default:
                return null;
        }
    }
}
