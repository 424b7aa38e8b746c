using System.Buffers.Binary;

namespace Tarn.Iceberg.Serialization.Compression;

public static partial class Snappy
{
    /// <summary>Matches never cross pieces of this size, so that every distance fits the two-byte copy element.</summary>
    private const int PieceBytes = 1 << 16;

    private const int HashBits = 14;
    private const int MinMatchBytes = 4;
    private const int MaxCopyBytes = 64;

    /// <summary>Compresses <paramref name="data"/> into one block with its length preamble.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> data)
    {
        // Worst case: nothing but literals, one tag of up to four bytes for each piece.
        var target = new byte[16 + data.Length + (data.Length / 6)];
        int written = WriteLength(target, (uint)data.Length);
        var table = new ushort[1 << HashBits];
        for (int start = 0; start < data.Length; start += PieceBytes)
        {
            var piece = data.Slice(start, Math.Min(PieceBytes, data.Length - start));
            Array.Clear(table);
            written = CompressPiece(piece, table, target, written);
        }

        return target[..written];
    }

    private static int CompressPiece(ReadOnlySpan<byte> piece, ushort[] table, byte[] target, int written)
    {
        int pending = 0, position = 1, misses = 32;
        while (position + MinMatchBytes <= piece.Length)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(piece[position..]);
            uint slot = (word * 0x1E35A7BD) >> (32 - HashBits);
            int candidate = table[slot];
            table[slot] = (ushort)position;
            if (candidate >= position || BinaryPrimitives.ReadUInt32LittleEndian(piece[candidate..]) != word)
            {
                position += misses++ >> 5;
                continue;
            }

            int length = MinMatchBytes + piece[(position + MinMatchBytes)..].CommonPrefixLength(piece[(candidate + MinMatchBytes)..]);
            written = WriteLiteral(piece[pending..position], target, written);
            written = WriteCopy(position - candidate, length, target, written);
            position += length;
            pending = position;
            misses = 32;
        }

        return WriteLiteral(piece[pending..], target, written);
    }

    private static int WriteLiteral(ReadOnlySpan<byte> literal, byte[] target, int written)
    {
        if (literal.IsEmpty)
            return written;
        int code = literal.Length - 1;
        if (code < 60)
        {
            target[written++] = (byte)(code << 2);
        }
        else if (code < 256)
        {
            target[written++] = 60 << 2;
            target[written++] = (byte)code;
        }
        else
        {
            target[written++] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(target.AsSpan(written), (ushort)code);
            written += 2;
        }

        literal.CopyTo(target.AsSpan(written));
        return written + literal.Length;
    }

    private static int WriteCopy(int distance, int length, byte[] target, int written)
    {
        while (length > 0)
        {
            int run = Math.Min(length, MaxCopyBytes);
            target[written] = (byte)(((run - 1) << 2) | 2);
            BinaryPrimitives.WriteUInt16LittleEndian(target.AsSpan(written + 1), (ushort)distance);
            written += 3;
            length -= run;
        }

        return written;
    }

    private static int WriteLength(byte[] target, uint length)
    {
        int written = 0;
        for (; length >= 0x80; length >>= 7)
            target[written++] = (byte)(length | 0x80);
        target[written++] = (byte)length;
        return written;
    }
}
