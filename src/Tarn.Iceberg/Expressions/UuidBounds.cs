namespace Tarn.Iceberg.Expressions;

/// <summary>
/// Bounds of uuids, which some writers find by comparing each half as a signed number while the specification orders unsigned bytes.
/// They are widened until they hold under both orders, or dropped.
/// </summary>
internal static class UuidBounds
{
    private const int HalfBytes = 8;

    public static (object? Lower, object? Upper) Widen(object? lower, object? upper)
    {
        if (lower is not Guid low || upper is not Guid high)
            return (null, null);
        if (low == high)
            return (lower, upper);
        object from = WithSecondHalf(low, 0x00), to = WithSecondHalf(high, 0xFF);
        // Signed order puts the upper half of the space first: bounds of values in both halves then come the wrong way round.
        return ValueOrder.Compare(from, to) > 0 ? (null, null) : (from, to);
    }

    private static object WithSecondHalf(Guid bound, byte fill)
    {
        Span<byte> bytes = stackalloc byte[2 * HalfBytes];
        bound.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[HalfBytes..].Fill(fill);
        return new Guid(bytes, bigEndian: true);
    }
}
