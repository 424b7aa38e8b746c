using System.Buffers.Binary;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>Decodes the compressed blocks of one frame (RFC 8878, 3.1.1.3); tables and repeated offsets live from block to block.</summary>
internal sealed class ZstandardBlockDecoder
{
    private readonly OutputBuffer _output;
    private readonly int _frameStart;
    private readonly long _windowBytes;
    private readonly byte[] _literals = new byte[ZstandardCodes.MaxBlockBytes];

    private HuffmanTable? _huffman;
    private FseTable? _literalLengths;
    private FseTable? _offsets;
    private FseTable? _matchLengths;
    private int _repeat1 = 1;
    private int _repeat2 = 4;
    private int _repeat3 = 8;

    internal ZstandardBlockDecoder(OutputBuffer output, long windowBytes)
    {
        _output = output;
        _frameStart = output.Length;
        _windowBytes = windowBytes;
        MaxBlockBytes = (int)Math.Min(ZstandardCodes.MaxBlockBytes, Math.Max(windowBytes, 1));
    }

    /// <summary>Most bytes a block may have, compressed or not: the window, at most 128 KiB.</summary>
    internal int MaxBlockBytes { get; }

    internal void Decode(ReadOnlySpan<byte> block)
    {
        int position = 0;
        int literalCount = ReadLiterals(block, ref position);
        int start = _output.Length;
        ReadSequences(block, position, _literals.AsSpan(0, literalCount));
        if (_output.Length - start > MaxBlockBytes)
            throw Damaged($"a block expands to {_output.Length - start} bytes, at most {MaxBlockBytes} are allowed");
    }

    private static TarnException Damaged(string reason) => TarnException.Corrupted($"Zstandard data is damaged: {reason}.");

    private int ReadLiterals(ReadOnlySpan<byte> block, ref int position)
    {
        if (block.IsEmpty)
            throw Damaged("a compressed block is empty");
        return (block[0] & 3) switch
        {
            0 or 1 => ReadPlainLiterals(block, ref position),
            _ => ReadHuffmanLiterals(block, ref position),
        };
    }

    private int ReadPlainLiterals(ReadOnlySpan<byte> block, ref int position)
    {
        int width = ((block[0] >> 2) & 3) switch { 1 => 2, 3 => 3, _ => 1 };
        int header = ReadHeader(block, ref position, width, out _);
        int count = width == 1 ? header >> 3 : header >> 4;
        if (count > MaxBlockBytes)
            throw Damaged($"a block claims {count} literals");
        bool repeated = (block[0] & 1) != 0;
        int stored = repeated ? 1 : count;
        if (stored > block.Length - position)
            throw Damaged("a block ends inside its literals");
        if (repeated)
            _literals.AsSpan(0, count).Fill(block[position]);
        else
            block.Slice(position, count).CopyTo(_literals);
        position += stored;
        return count;
    }

    private int ReadHuffmanLiterals(ReadOnlySpan<byte> block, ref int position)
    {
        int format = (block[0] >> 2) & 3;
        int sizeBits = format switch { 2 => 14, 3 => 18, _ => 10 };
        int low = ReadHeader(block, ref position, format switch { 2 => 4, 3 => 5, _ => 3 }, out long header);
        int count = (int)(header >> 4) & ((1 << sizeBits) - 1);
        int size = (int)(header >> (4 + sizeBits)) & ((1 << sizeBits) - 1);
        if (count > MaxBlockBytes || size > block.Length - position)
            throw Damaged($"a block claims {count} literals in {size} bytes");
        var data = block.Slice(position, size);
        position += size;
        int start = 0;
        if ((low & 3) == 2)
            _huffman = HuffmanTable.Read(data, ref start);
        if (_huffman is null)
            throw Damaged("a block repeats a Huffman code that no block gave");
        DecodeStreams(_huffman, data[start..], _literals.AsSpan(0, count), format == 0);
        return count;
    }

    private static int ReadHeader(ReadOnlySpan<byte> block, ref int position, int width, out long value)
    {
        if (block.Length < width)
            throw Damaged("a block ends inside a header");
        value = 0;
        for (int i = 0; i < width; i++)
            value |= (long)block[i] << (8 * i);
        position = width;
        return (int)value;
    }

    private static void DecodeStreams(HuffmanTable huffman, ReadOnlySpan<byte> data, Span<byte> target, bool single)
    {
        if (single)
        {
            huffman.Decode(data, target);
            return;
        }

        int quarter = (target.Length + 3) / 4;
        if (data.Length < 6 || target.Length < 3 * quarter)
            throw Damaged("literals in four streams are cut short");
        var streams = data[6..];
        for (int i = 0; i < 3; i++)
        {
            int size = BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * i)..]);
            if (size > streams.Length)
                throw Damaged("a literal stream leaves its block");
            huffman.Decode(streams[..size], target.Slice(i * quarter, quarter));
            streams = streams[size..];
        }

        huffman.Decode(streams, target[(3 * quarter)..]);
    }

    private void ReadSequences(ReadOnlySpan<byte> block, int position, ReadOnlySpan<byte> literals)
    {
        int count = ReadSequenceCount(block, ref position);
        if (count == 0)
        {
            if (position != block.Length)
                throw Damaged("bytes follow a block without sequences");
        }
        else
        {
            ReadTables(block, ref position);
            literals = Execute(new BackwardBits(block[position..]), count, literals);
        }

        literals.CopyTo(_output.Append(literals.Length));
    }

    private static int ReadSequenceCount(ReadOnlySpan<byte> block, ref int position)
    {
        var rest = block[position..];
        int first = rest.IsEmpty ? throw Damaged("a block ends before its sequences") : rest[0];
        int width = first switch { < 128 => 1, < 255 => 2, _ => 3 };
        if (rest.Length < width)
            throw Damaged("a block ends inside its number of sequences");
        position += width;
        return width switch
        {
            1 => first,
            2 => ((first - 128) << 8) + rest[1],
            _ => rest[1] + (rest[2] << 8) + 0x7F00,
        };
    }

    private void ReadTables(ReadOnlySpan<byte> block, ref int position)
    {
        int modes = position < block.Length ? block[position++] : throw Damaged("a block ends before its table modes");
        if ((modes & 3) != 0)
            throw Damaged("a block sets reserved bits of its table modes");
        _literalLengths = ReadTable(block, ref position, modes >> 6, _literalLengths, ZstandardCodes.DefaultLiteralLengths,
            ZstandardCodes.MaxLiteralLengthLog, ZstandardCodes.MaxLiteralLengthCode);
        _offsets = ReadTable(block, ref position, (modes >> 4) & 3, _offsets, ZstandardCodes.DefaultOffsets,
            ZstandardCodes.MaxOffsetLog, ZstandardCodes.MaxOffsetCode);
        _matchLengths = ReadTable(block, ref position, (modes >> 2) & 3, _matchLengths, ZstandardCodes.DefaultMatchLengths,
            ZstandardCodes.MaxMatchLengthLog, ZstandardCodes.MaxMatchLengthCode);
        if (position > block.Length)
            throw Damaged("a block ends inside its tables");
    }

    private static FseTable ReadTable(
        ReadOnlySpan<byte> block, ref int position, int mode, FseTable? previous, FseTable predefined, int maxLog, int maxSymbol)
    {
        switch (mode)
        {
            case 0:
                return predefined;
            case 1:
                byte symbol = position < block.Length ? block[position++] : throw Damaged("a block ends inside its tables");
                return symbol <= maxSymbol ? FseTable.Constant(symbol) : throw Damaged($"code {symbol} does not exist");
            case 2:
                if (position > block.Length)
                    throw Damaged("a block ends inside its tables");
                return FseTable.Read(block, ref position, maxLog, maxSymbol);
            default:
                return previous ?? throw Damaged("a block repeats a table that no block gave");
        }
    }

    /// <summary>Runs all sequences and returns the literals that are left.</summary>
    private ReadOnlySpan<byte> Execute(BackwardBits bits, int count, ReadOnlySpan<byte> literals)
    {
        FseTable lengths = _literalLengths!, offsets = _offsets!, matches = _matchLengths!;
        int length = (int)bits.Read(lengths.AccuracyLog), offset = (int)bits.Read(offsets.AccuracyLog), match = (int)bits.Read(matches.AccuracyLog);
        int limit = _output.Length + MaxBlockBytes;
        for (int i = 0; i < count; i++)
        {
            // Extra bits come in the order offset, match length, literal length; then the states move in another order (3.1.1.3.2.1).
            int offsetCode = offsets.Symbols[offset], matchCode = matches.Symbols[match], lengthCode = lengths.Symbols[length];
            long offsetValue = (1L << offsetCode) + (long)bits.Read(offsetCode);
            int matchLength = ZstandardCodes.MatchLengthBase[matchCode] + (int)bits.Read(ZstandardCodes.MatchLengthBits[matchCode]);
            int literalLength = ZstandardCodes.LiteralLengthBase[lengthCode] + (int)bits.Read(ZstandardCodes.LiteralLengthBits[lengthCode]);
            if (i + 1 < count)
            {
                length = lengths.Baselines[length] + (int)bits.Read(lengths.Bits[length]);
                match = matches.Baselines[match] + (int)bits.Read(matches.Bits[match]);
                offset = offsets.Baselines[offset] + (int)bits.Read(offsets.Bits[offset]);
            }

            if (bits.Remaining < 0 || literalLength > literals.Length || (long)_output.Length + literalLength + matchLength > limit)
                throw Damaged("a sequence leaves its block");
            literals[..literalLength].CopyTo(_output.Append(literalLength));
            literals = literals[literalLength..];
            CopyMatch(Distance(offsetValue, literalLength), matchLength);
        }

        return bits.Remaining == 0 ? literals : throw Damaged("bits are left behind the last sequence");
    }

    private void CopyMatch(long distance, int length)
    {
        if (distance <= 0 || distance > _output.Length - _frameStart || distance > Math.Max(_windowBytes, MaxBlockBytes))
            throw Damaged($"a match reaches {distance} bytes back after {_output.Length - _frameStart} bytes with a window of {_windowBytes}");
        _output.CopyBack((int)distance, length);
    }

    /// <summary>Resolves repeated offsets and keeps the three latest (RFC 8878, 3.1.1.5).</summary>
    private long Distance(long value, int literalLength)
    {
        if (value > 3)
        {
            (_repeat1, _repeat2, _repeat3) = (ToDistance(value - 3), _repeat1, _repeat2);
            return _repeat1;
        }

        switch (value + (literalLength == 0 ? 1 : 0))
        {
            case 1:
                break;
            case 2:
                (_repeat1, _repeat2) = (_repeat2, _repeat1);
                break;
            case 3:
                (_repeat1, _repeat2, _repeat3) = (_repeat3, _repeat1, _repeat2);
                break;
            default:
                (_repeat1, _repeat2, _repeat3) = (_repeat1 - 1, _repeat1, _repeat2);
                break;
        }

        return _repeat1;
    }

    private static int ToDistance(long value) =>
        value <= int.MaxValue ? (int)value : throw Damaged($"a match reaches {value} bytes back");
}
