using System.Globalization;

namespace Tarn.Core.Values;

/// <summary>
/// An exact decimal of up to 38 digits: <see cref="Unscaled"/> × 10^-<see cref="Scale"/>.
/// Equality is of both parts; order is by value.
/// </summary>
/// <param name="Unscaled">All digits as an integer.</param>
/// <param name="Scale">Digits after the point, 0-38.</param>
public readonly record struct Decimal38(Int128 Unscaled, int Scale) : IComparable<Decimal38>, IComparable
{
    /// <summary>The most digits a value has.</summary>
    public const int MaxPrecision = 38;

    /// <summary>The number of digits of <see cref="Unscaled"/> without leading zeros; 1 for zero.</summary>
    public int Precision
    {
        get
        {
            int digits = 1;
            for (Int128 rest = Unscaled / 10; rest != 0; rest /= 10)
                digits++;
            return digits;
        }
    }

    /// <summary>The value of a <see cref="decimal"/>, with its scale; always exact.</summary>
    public static Decimal38 From(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = new Int128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        return new Decimal38(bits[3] < 0 ? -magnitude : magnitude, value.Scale);
    }

    /// <summary>The same value as <see cref="decimal"/>; false when it needs more than 96 bits or 28 digits after the point.</summary>
    public bool TryToDecimal(out decimal value)
    {
        var magnitude = (UInt128)Int128.Abs(Unscaled);
        bool fits = Scale <= 28 && magnitude >> 96 == 0;
        value = fits
            ? new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), Unscaled < 0, (byte)Scale)
            : default;
        return fits;
    }

    /// <summary>Order by value, also of different scales.</summary>
    public int CompareTo(Decimal38 other)
    {
        if (Scale == other.Scale)
            return Unscaled.CompareTo(other.Unscaled);
        int scale = Math.Max(Scale, other.Scale);
        return (Unscaled * (System.Numerics.BigInteger)PowerOfTen(scale - Scale)).CompareTo(other.Unscaled * (System.Numerics.BigInteger)PowerOfTen(scale - other.Scale));
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is Decimal38 other ? CompareTo(other) : 1;

    /// <summary>10^<paramref name="exponent"/>, exponent 0-38.</summary>
    public static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (int i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }

    /// <summary>All digits of the scale, a point only when the scale is not 0, never an exponent: <c>-0.050</c>.</summary>
    public override string ToString()
    {
        string digits = Int128.Abs(Unscaled).ToString(CultureInfo.InvariantCulture);
        if (Scale > 0)
        {
            digits = digits.PadLeft(Scale + 1, '0');
            digits = $"{digits[..^Scale]}.{digits[^Scale..]}";
        }

        return Unscaled < 0 ? "-" + digits : digits;
    }

    /// <summary>Reads <c>[+-]digits[.digits][E±n]</c>; the scale is the number of digits after the point less the exponent, at least 0.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Decimal38 value)
    {
        value = default;
        int exponent = 0;
        int e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (!int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > 2 * MaxPrecision)
                return false;
            text = text[..e];
        }

        int point = text.IndexOf('.');
        int scale = point < 0 ? 0 : text.Length - point - 1;
        string digits = point < 0 ? text.ToString() : string.Concat(text[..point], text[(point + 1)..]);
        if (!Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 unscaled))
            return false;
        return TryShift(unscaled, scale - exponent, out value);
    }

    /// <summary>The same value with another scale; false when digits would be lost or 38 digits do not suffice.</summary>
    public bool TryRescale(int scale, out Decimal38 value)
    {
        // Callers may pass the same variable as this and as the result: read before writing.
        var (unscaled, present) = (Unscaled, Scale);
        value = default;
        if (scale < present)
        {
            var (quotient, remainder) = Int128.DivRem(unscaled, PowerOfTen(Math.Min(present - scale, MaxPrecision)));
            value = new(quotient, scale);
            return remainder == 0;
        }

        if (!TryMultiply(unscaled, scale - present, out unscaled))
            return false;
        value = new(unscaled, scale);
        return true;
    }

    private static bool TryShift(Int128 unscaled, int scale, out Decimal38 value)
    {
        value = default;
        if (scale < 0)
        {
            if (!TryMultiply(unscaled, -scale, out unscaled))
                return false;
            scale = 0;
        }

        if (scale > MaxPrecision || Int128.Abs(unscaled) >= PowerOfTen(MaxPrecision))
            return false;
        value = new(unscaled, scale);
        return true;
    }

    private static bool TryMultiply(Int128 value, int exponent, out Int128 product)
    {
        product = value;
        if (exponent > MaxPrecision && value != 0)
            return false;
        var exact = (System.Numerics.BigInteger)value * (System.Numerics.BigInteger)PowerOfTen(Math.Min(exponent, MaxPrecision));
        if (System.Numerics.BigInteger.Abs(exact) >= (System.Numerics.BigInteger)PowerOfTen(MaxPrecision))
            return false;
        product = (Int128)exact;
        return true;
    }
}
