using Tarn.Core.Values;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Spec;

/// <summary>
/// How single values (partition values, bounds, literals, defaults) are held as <c>object?</c>:
/// <list type="table">
/// <item><term>boolean</term><description><see cref="bool"/></description></item>
/// <item><term>int</term><description><see cref="int"/></description></item>
/// <item><term>date</term><description><see cref="int"/>, days from 1970-01-01</description></item>
/// <item><term>long</term><description><see cref="long"/></description></item>
/// <item><term>time</term><description><see cref="long"/>, microseconds from midnight</description></item>
/// <item><term>timestamp, timestamptz</term><description><see cref="long"/>, microseconds from 1970-01-01T00:00 (UTC)</description></item>
/// <item><term>timestamp_ns, timestamptz_ns</term><description><see cref="long"/>, nanoseconds from 1970-01-01T00:00 (UTC)</description></item>
/// <item><term>float, double</term><description><see cref="float"/>, <see cref="double"/></description></item>
/// <item><term>decimal</term><description><see cref="Decimal38"/> of the type's scale</description></item>
/// <item><term>string</term><description><see cref="string"/></description></item>
/// <item><term>uuid</term><description><see cref="Guid"/>; ordered by its 16 big-endian bytes, unsigned</description></item>
/// <item><term>fixed, binary, geometry, geography, variant</term><description><see cref="T:byte[]"/>; ordered unsigned</description></item>
/// <item><term>struct</term><description><c>object?[]</c> in field order</description></item>
/// <item><term>list, map</term><description><c>object?[]</c>; a map's elements are <c>object?[2]</c> key and value</description></item>
/// </list>
/// </summary>
public static class LiteralValue
{
    /// <summary>Equality of two values of one type; byte arrays and nested values by content, NaN equals NaN.</summary>
    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (object?[] a, object?[] b) => a.Length == b.Length && a.Zip(b).All(p => AreEqual(p.First, p.Second)),
        _ => left.Equals(right),
    };

    /// <summary>Adds primitive values to a hash that goes with <see cref="AreEqual"/>.</summary>
    public static void AddTo(ref HashCode hash, IReadOnlyList<object?> values)
    {
        foreach (object? value in values)
        {
            if (value is byte[] bytes)
                hash.AddBytes(bytes);
            else
                hash.Add(value);
        }
    }

    /// <summary>
    /// Order of two non-null primitive values of one type, as the specification sorts them: strings by UTF-8 bytes, byte strings and uuid unsigned,
    /// floating point by value with -0.0 before 0.0 and NaN last.
    /// </summary>
    public static int Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => CompareUtf8(a, b),
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        (Guid a, Guid b) => CompareUuid(a, b),
        (float a, float b) => CompareFloating(a, b),
        (double a, double b) => CompareFloating(a, b),
        (Decimal38 a, Decimal38 b) => a.CompareTo(b),
        _ => ((IComparable)left).CompareTo(right),
    };

    /// <summary>True for NaN of either width.</summary>
    public static bool IsNaN(object? value) => value is float.NaN or double.NaN;

    private static int CompareFloating(double left, double right)
    {
        if (double.IsNaN(left) || double.IsNaN(right))
            return double.IsNaN(left).CompareTo(double.IsNaN(right));
        int order = left.CompareTo(right);
        return order != 0 ? order : double.IsNegative(right).CompareTo(double.IsNegative(left));
    }

    private static int CompareUuid(Guid left, Guid right)
    {
        Span<byte> a = stackalloc byte[16], b = stackalloc byte[16];
        left.TryWriteBytes(a, bigEndian: true, out _);
        right.TryWriteBytes(b, bigEndian: true, out _);
        return a.SequenceCompareTo(b);
    }

    // UTF-16 code units order differently from UTF-8 bytes only where surrogates meet U+E000-U+FFFF.
    private static int CompareUtf8(string left, string right)
    {
        int length = Math.Min(left.Length, right.Length);
        for (int i = 0; i < length; i++)
        {
            char a = left[i], b = right[i];
            if (a == b)
                continue;
            bool surrogateA = char.IsSurrogate(a), surrogateB = char.IsSurrogate(b);
            return surrogateA == surrogateB ? a.CompareTo(b) : surrogateA ? 1 : -1;
        }

        return left.Length.CompareTo(right.Length);
    }
}
