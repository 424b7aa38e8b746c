namespace Tarn.Engine.Parquet;

/// <summary>Writes Thrift's compact protocol: what is needed to write a struct again with some fields changed.</summary>
internal sealed class CompactWriter
{
    private readonly MemoryStream output = new();

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => output.GetBuffer().AsSpan(0, (int)output.Length);

    /// <summary>Writes a field header; <paramref name="lastId"/> is the id of the field before and becomes this one's.</summary>
    public void WriteField(ref int lastId, int fieldId, CompactType type)
    {
        int delta = fieldId - lastId;
        lastId = fieldId;
        if (delta is > 0 and <= 15)
        {
            output.WriteByte((byte)((delta << 4) | (int)type));
            return;
        }

        output.WriteByte((byte)type);
        WriteZigZag(fieldId);
    }

    /// <summary>Writes an i32 field.</summary>
    public void WriteInt32(ref int lastId, int fieldId, int value)
    {
        WriteField(ref lastId, fieldId, CompactType.I32);
        WriteZigZag(value);
    }

    /// <summary>Writes an i64 field.</summary>
    public void WriteInt64(ref int lastId, int fieldId, long value)
    {
        WriteField(ref lastId, fieldId, CompactType.I64);
        WriteZigZag(value);
    }

    /// <summary>Writes the header of a list.</summary>
    public void WriteListHeader(int count, CompactType elementType)
    {
        if (count < 15)
        {
            output.WriteByte((byte)((count << 4) | (int)elementType));
            return;
        }

        output.WriteByte((byte)(0xF0 | (int)elementType));
        WriteVarint((ulong)count);
    }

    /// <summary>Writes a value that is encoded already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    /// <summary>Ends a struct.</summary>
    public void WriteStop() => output.WriteByte((byte)CompactType.Stop);

    private void WriteZigZag(long value) => WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            output.WriteByte((byte)(value | 0x80));
        output.WriteByte((byte)value);
    }
}
