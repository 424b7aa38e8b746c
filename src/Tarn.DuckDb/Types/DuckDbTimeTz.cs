namespace Tarn.DuckDb.Types;

/// <summary>TIME WITH TIME ZONE: a local time of day and its offset from UTC.</summary>
/// <param name="Micros">Microseconds since midnight, 0 to 86,400,000,000.</param>
/// <param name="OffsetSeconds">Seconds east of UTC.</param>
public readonly record struct DuckDbTimeTz(long Micros, int OffsetSeconds)
{
    // The low 24 bits hold (offset of +15:59:59) - offset, so that the raw bits sort as the instants do.
    private const int MaxOffset = 16 * 3600 - 1;

    /// <summary>Decodes the stored 64 bits: 40 of microseconds, 24 of offset.</summary>
    public static DuckDbTimeTz FromBits(ulong bits) => new((long)(bits >> 24), MaxOffset - (int)(bits & 0xFF_FFFF));

    /// <summary>The stored 64 bits.</summary>
    public ulong ToBits() => ((ulong)Micros << 24) | (uint)(MaxOffset - OffsetSeconds);
}
