using System.Runtime.CompilerServices;

namespace Tarn.Synthetic.Rows;

/// <summary>A block of text under construction. The block is as large as its rows can get, so writing never has to grow it.</summary>
internal ref struct Utf8Output(Span<byte> block)
{
    private readonly Span<byte> _block = block;
    private int _length;

    public readonly int Length => _length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Byte(byte value) => _block[_length++] = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bytes(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_block[_length..]);
        _length += text.Length;
    }

    public void Integer(long value)
    {
        if (value < 0)
        {
            Byte((byte)'-');
            value = -value;
        }
        Digits((ulong)value, CountDigits((ulong)value));
    }

    public void Fixed(long scaled, int decimals)
    {
        if (scaled < 0)
        {
            Byte((byte)'-');
            scaled = -scaled;
        }
        var unit = decimals switch { 1 => 10L, 2 => 100L, _ => 1000L };
        var whole = (ulong)(scaled / unit);
        Digits(whole, CountDigits(whole));
        Byte((byte)'.');
        Digits((ulong)(scaled % unit), decimals);
    }

    /// <summary>For instance 2025-03-01T14:05:59.042Z.</summary>
    public void Instant(long micros)
    {
        var (days, rest) = Math.DivRem(micros, 86_400_000_000);
        var date = DateOnly.FromDayNumber((int)days + s_epoch);
        Digits((ulong)date.Year, 4);
        Byte((byte)'-');
        Digits((ulong)date.Month, 2);
        Byte((byte)'-');
        Digits((ulong)date.Day, 2);
        Byte((byte)'T');
        Digits((ulong)(rest / 3_600_000_000), 2);
        Byte((byte)':');
        Digits((ulong)(rest / 60_000_000 % 60), 2);
        Byte((byte)':');
        Digits((ulong)(rest / 1_000_000 % 60), 2);
        Byte((byte)'.');
        Digits((ulong)(rest / 1000 % 1000), 3);
        Byte((byte)'Z');
    }

    // Exactly count digits, with zeros in front.
    private void Digits(ulong value, int count)
    {
        var target = _block.Slice(_length, count);
        for (var i = count - 1; i >= 0; i--)
        {
            var tenth = value / 10;
            target[i] = (byte)('0' + (int)(value - tenth * 10));
            value = tenth;
        }
        _length += count;
    }

    private static int CountDigits(ulong value)
    {
        var count = 1;
        for (var limit = 10UL; value >= limit; limit *= 10)
        {
            count++;
        }
        return count;
    }

    private static readonly int s_epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
}
