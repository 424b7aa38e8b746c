using System.Runtime.InteropServices;
using Tarn.Synthetic.Rows;

namespace Tarn.Synthetic.Columns;

/// <summary>A column of a block. Values of fixed width stand in <see cref="Values"/>; those of text in <see cref="Utf8"/>, one after the other.</summary>
public sealed class ColumnBuffer
{
    // Above the longest number or instant.
    private const int MaxNumberBytes = 40;

    // The words of the vocabularies are about as long; longer texts make the buffer grow.
    private const int UsualTextBytes = 12;

    private readonly ColumnStorage _storage;
    private readonly byte[] _validity;
    private readonly byte[] _values;
    private byte[] _text;
    private int _textLength;

    internal ColumnBuffer(string sqlType, int capacity)
    {
        _storage = ColumnLayout.Of(sqlType).Storage;
        _validity = new byte[(capacity + 7) / 8];
        _values = new byte[_storage == ColumnStorage.Text ? (capacity + 1) * sizeof(int) : capacity * WidthOf(_storage)];
        _text = _storage == ColumnStorage.Text ? GC.AllocateUninitializedArray<byte>(capacity * UsualTextBytes) : [];
        Array.Fill(_validity, byte.MaxValue);
    }

    /// <summary>The number of missing values.</summary>
    public int NullCount { get; private set; }

    /// <summary>A bit for each row, lowest first; 0 when the value is missing.</summary>
    public ReadOnlyMemory<byte> Validity => _validity;

    /// <summary>
    /// The values, low bytes first: INTEGER in 4 bytes, BIGINT in 8, DATE in 4 as days and TIMESTAMP WITH TIME ZONE in 8 as microseconds since 1970,
    /// DOUBLE in 8, DECIMAL without its point in 16; of VARCHAR the offsets into <see cref="Utf8"/> in 4 bytes, one more than rows.
    /// </summary>
    public ReadOnlyMemory<byte> Values => _values;

    /// <summary>The texts of VARCHAR; null for any other type.</summary>
    public ReadOnlyMemory<byte>? Utf8 => _storage == ColumnStorage.Text ? _text.AsMemory(0, _textLength) : null;

    internal void Clear()
    {
        if (NullCount > 0)
        {
            Array.Fill(_validity, byte.MaxValue);
        }
        NullCount = 0;
        _textLength = 0;
    }

    internal void Integer(int row, long value)
    {
        switch (_storage)
        {
            case ColumnStorage.Int64: Write(row, value); break;
            case ColumnStorage.Int32: Write(row, (int)value); break;
            case ColumnStorage.Text:
                var number = Room();
                number.Integer(value);
                EndText(row, number.Length);
                break;
            default: throw Unfit();
        }
    }

    internal void Fixed(int row, long scaled, int decimals)
    {
        switch (_storage)
        {
            case ColumnStorage.Decimal: Write(row, (Int128)scaled); break;
            // Both numbers are exact, so the quotient is the double next to the decimal number.
            case ColumnStorage.Double: Write(row, scaled / (decimals switch { 1 => 10.0, 2 => 100.0, _ => 1000.0 })); break;
            case ColumnStorage.Text:
                var number = Room();
                number.Fixed(scaled, decimals);
                EndText(row, number.Length);
                break;
            default: throw Unfit();
        }
    }

    internal void Day(int row, int epochDay, scoped ReadOnlySpan<byte> text)
    {
        if (_storage == ColumnStorage.Day)
        {
            Write(row, epochDay);
            return;
        }
        Text(row, text);
    }

    // Milliseconds, as in the other formats.
    internal void Instant(int row, long micros)
    {
        if (_storage == ColumnStorage.Instant)
        {
            Write(row, micros - micros % 1000);
            return;
        }
        var instant = Room();
        instant.Instant(micros);
        EndText(row, instant.Length);
    }

    internal void Text(int row, scoped ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(_text.AsSpan(_textLength));
        EndText(row, text.Length);
    }

    internal void Null(int row)
    {
        _validity[row >> 3] &= (byte)~(1 << (row & 7));
        NullCount++;
        if (_storage == ColumnStorage.Text)
        {
            EndText(row, 0);
        }
    }

    private void Write<T>(int row, T value) where T : unmanaged => MemoryMarshal.Cast<byte, T>(_values.AsSpan())[row] = value;

    private Utf8Output Room()
    {
        Reserve(MaxNumberBytes);
        return new Utf8Output(_text.AsSpan(_textLength));
    }

    private void Reserve(int bytes)
    {
        if (_textLength + bytes > _text.Length)
        {
            Array.Resize(ref _text, checked(2 * _text.Length + bytes));
        }
    }

    private void EndText(int row, int length)
    {
        if (_storage != ColumnStorage.Text)
        {
            throw Unfit();
        }
        _textLength += length;
        Write(row + 1, _textLength);
    }

    private InvalidOperationException Unfit() => new($"A value of another type was written to a column of {_storage}.");

    private static int WidthOf(ColumnStorage storage) => storage switch
    {
        ColumnStorage.Int32 or ColumnStorage.Day => sizeof(int),
        ColumnStorage.Decimal => 16,
        _ => sizeof(long),
    };
}
