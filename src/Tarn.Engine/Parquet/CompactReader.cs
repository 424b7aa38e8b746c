using System.Text;
using Tarn.Core.Errors;

namespace Tarn.Engine.Parquet;

/// <summary>Type of a field in Thrift's compact protocol.</summary>
internal enum CompactType : byte
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
    Uuid = 13,
}

/// <summary>Reads Thrift's compact protocol from a buffer; every length is checked against what is left.</summary>
internal ref struct CompactReader(ReadOnlySpan<byte> buffer)
{
    private const int MaxDepth = 64;
    private readonly ReadOnlySpan<byte> buffer = buffer;

    /// <summary>Offset of the next byte.</summary>
    public int Position { get; private set; }

    /// <summary>Reads a field header; <paramref name="fieldId"/> is the previous id before and this one after. False at the end of the struct.</summary>
    public bool TryReadField(ref int fieldId, out CompactType type)
    {
        byte header = ReadByte();
        type = (CompactType)(header & 0x0F);
        if (type == CompactType.Stop)
            return false;
        int delta = header >> 4;
        fieldId = delta == 0 ? (short)ReadZigZag() : fieldId + delta;
        return true;
    }

    /// <summary>Reads the header of a list or set.</summary>
    public int ReadListHeader(out CompactType elementType)
    {
        byte header = ReadByte();
        elementType = (CompactType)(header & 0x0F);
        long count = header >> 4;
        if (count == 15)
            count = (long)ReadVarint();
        if (count > buffer.Length - Position)
            throw Damaged($"a list of {count} elements");
        return (int)count;
    }

    public sbyte ReadSignedByte() => (sbyte)ReadByte();

    public int ReadInt32() => (int)ReadZigZag();

    public long ReadInt64() => ReadZigZag();

    public string ReadString() => Encoding.UTF8.GetString(ReadBinary());

    public ReadOnlySpan<byte> ReadBinary()
    {
        ulong length = ReadVarint();
        if (length > (ulong)(buffer.Length - Position))
            throw Damaged($"a string of {length} bytes");
        var bytes = buffer.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    /// <summary>Passes over a value.</summary>
    public void Skip(CompactType type) => Skip(type, 0);

    private void Skip(CompactType type, int depth)
    {
        if (depth > MaxDepth)
            throw Damaged("values nested too deep");
        switch (type)
        {
            case CompactType.True or CompactType.False:
                break;
            case CompactType.Byte:
                ReadByte();
                break;
            case CompactType.I16 or CompactType.I32 or CompactType.I64:
                ReadVarint();
                break;
            case CompactType.Double:
                Advance(sizeof(double));
                break;
            case CompactType.Uuid:
                Advance(16);
                break;
            case CompactType.Binary:
                ReadBinary();
                break;
            case CompactType.List or CompactType.Set:
                SkipList(depth);
                break;
            case CompactType.Map:
                SkipMap(depth);
                break;
            case CompactType.Struct:
                int id = 0;
                while (TryReadField(ref id, out var fieldType))
                    Skip(fieldType, depth + 1);
                break;
            default:
                throw Damaged($"a field of type {(int)type}");
        }
    }

    private void SkipList(int depth)
    {
        int count = ReadListHeader(out var type);
        for (int i = 0; i < count; i++)
            SkipElement(type, depth + 1);
    }

    private void SkipMap(int depth)
    {
        ulong count = ReadVarint();
        if (count == 0)
            return;
        byte types = ReadByte();
        for (ulong i = 0; i < count; i++)
        {
            SkipElement((CompactType)(types >> 4), depth + 1);
            SkipElement((CompactType)(types & 0x0F), depth + 1);
        }
    }

    // A boolean takes a byte as an element, none as a field.
    private void SkipElement(CompactType type, int depth)
    {
        if (type is CompactType.True or CompactType.False)
            ReadByte();
        else
            Skip(type, depth);
    }

    private byte ReadByte()
    {
        if (Position >= buffer.Length)
            throw Damaged("more bytes");
        return buffer[Position++];
    }

    private void Advance(int count)
    {
        if (count > buffer.Length - Position)
            throw Damaged("more bytes");
        Position += count;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = ReadByte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw Damaged("a number longer than 64 bits");
    }

    private long ReadZigZag()
    {
        ulong value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private TarnException Damaged(string what) => TarnException.Corrupted($"its footer announces {what} at byte {Position} of {buffer.Length}");
}
