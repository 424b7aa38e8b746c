namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>Decodes one LZ4 block (lz4_Block_format.md). Every length is checked, so that damaged input ends with false.</summary>
public static class Lz4Block
{
    private const int MinMatch = 4;

    /// <summary>Decodes a block into the beginning of the output; false when it is damaged or longer than the output.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        written = 0;
        return TryAppend(input, output, ref written);
    }

    /// <summary>Decodes a block behind what was written before, to which it may refer back; false when it is damaged or longer than the output.</summary>
    public static bool TryAppend(ReadOnlySpan<byte> input, Span<byte> output, ref int written)
    {
        int read = 0;
        while (read < input.Length)
        {
            int token = input[read++];
            if (!TryReadLength(input, ref read, token >> 4, out int literals) || literals > input.Length - read || literals > output.Length - written)
                return false;
            input.Slice(read, literals).CopyTo(output[written..]);
            read += literals;
            written += literals;
            // The last sequence ends behind its literals.
            if (read == input.Length)
                return true;
            if (!TryCopyMatch(input, ref read, token & 0x0F, output, ref written))
                return false;
        }

        return false;
    }

    private static bool TryCopyMatch(ReadOnlySpan<byte> input, ref int read, int code, Span<byte> output, ref int written)
    {
        if (input.Length - read < 2)
            return false;
        int distance = input[read] | (input[read + 1] << 8);
        read += 2;
        if (distance == 0 || distance > written || !TryReadLength(input, ref read, code, out int length))
            return false;
        length += MinMatch;
        if (length > output.Length - written)
            return false;
        // A match may reach into itself: it repeats what it has just written.
        for (int end = written + length; written < end; written++)
            output[written] = output[written - distance];
        return true;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> input, ref int read, int code, out int length)
    {
        length = code;
        if (code != 15)
            return true;
        while (read < input.Length)
        {
            byte next = input[read++];
            length += next;
            if (next != 255)
                return length >= 0;
            if (length > int.MaxValue / 2)
                return false;
        }

        return false;
    }
}
