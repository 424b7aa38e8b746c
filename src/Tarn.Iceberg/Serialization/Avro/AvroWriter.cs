using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>Avro's binary encoding, written into a buffer that grows ("Binary Encoding").</summary>
public sealed class AvroWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    /// <summary>Bytes written since the last <see cref="Clear"/>.</summary>
    public int Length => _buffer.WrittenCount;

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Forgets what was written.</summary>
    public void Clear() => _buffer.ResetWrittenCount();

    /// <summary>A boolean.</summary>
    public void WriteBoolean(bool value)
    {
        _buffer.GetSpan(1)[0] = value ? (byte)1 : (byte)0;
        _buffer.Advance(1);
    }

    /// <summary>An int or a long.</summary>
    public void WriteLong(long value)
    {
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        var target = _buffer.GetSpan(10);
        int written = 0;
        for (; rest >= 0x80; rest >>= 7)
            target[written++] = (byte)(rest | 0x80);
        target[written++] = (byte)rest;
        _buffer.Advance(written);
    }

    /// <summary>A float.</summary>
    public void WriteFloat(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    /// <summary>A double.</summary>
    public void WriteDouble(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    /// <summary>Bytes with their length.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteLong(value.Length);
        _buffer.Write(value);
    }

    /// <summary>A string.</summary>
    public void WriteString(string value)
    {
        int size = Encoding.UTF8.GetByteCount(value);
        WriteLong(size);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(Math.Max(1, size)));
        _buffer.Advance(size);
    }

    /// <summary>Bytes without their length.</summary>
    public void WriteFixed(ReadOnlySpan<byte> value) => _buffer.Write(value);
}
