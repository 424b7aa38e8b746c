using System.Buffers.Binary;
using Tarn.Core.Errors;
using Tarn.Iceberg.Deletes;

namespace Tarn.Iceberg.Serialization.Roaring;

/// <summary>
/// Reads the portable 64-bit form of roaring bitmaps (RoaringFormatSpec, "Extension for 64-bit implementations"): a count, then for each a key of
/// 32 bits and a 32-bit bitmap. Everything is checked; what is read takes no more memory than a few times its bytes.
/// </summary>
internal ref struct RoaringReader(ReadOnlySpan<byte> data)
{
    // "General layout": with run containers and without.
    private const int CookieWithRuns = 12347;
    private const int CookieWithoutRuns = 12346;
    private const int MinContainersWithOffsets = 4;
    private const int MaxContainers = 1 << 16;

    private readonly ReadOnlySpan<byte> data = data;
    private int position;

    /// <summary>The bitmap that the bytes hold, all of them.</summary>
    /// <exception cref="TarnException">DataCorrupted: they hold none.</exception>
    public static PositionBitmap Read(ReadOnlySpan<byte> data)
    {
        var reader = new RoaringReader(data);
        var bitmap = reader.ReadAll();
        return reader.position == data.Length ? bitmap : throw Damaged($"{data.Length - reader.position} bytes are left behind it");
    }

    private PositionBitmap ReadAll()
    {
        const int minBitmapBytes = 12;
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        if (count > (ulong)(data.Length / minBitmapBytes))
            throw Damaged($"it claims {count} bitmaps in {data.Length} bytes");
        var keys = new List<long>();
        var containers = new List<PositionContainer>();
        long lastHigh = -1;
        for (; count > 0; count--)
        {
            long high = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
            if (high <= lastHigh || high > int.MaxValue)
                throw Damaged($"key {high} follows key {lastHigh}");
            lastHigh = high;
            ReadBitmap(high << 16, keys, containers);
        }

        return new PositionBitmap([.. keys], [.. containers]);
    }

    private void ReadBitmap(long highKey, List<long> keys, List<PositionContainer> containers)
    {
        uint cookie = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        bool hasRuns = (cookie & 0xFFFF) == CookieWithRuns;
        if (!hasRuns && cookie != CookieWithoutRuns)
            throw Damaged($"a bitmap begins with {cookie}");
        uint count = hasRuns ? (cookie >> 16) + 1 : BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        if (count > MaxContainers)
            throw Damaged($"a bitmap claims {count} containers");
        var runs = hasRuns ? Take(((int)count + 7) / 8) : default;
        var descriptions = Take((int)count * 4);
        if (!hasRuns || count >= MinContainersWithOffsets)
            Take((int)count * 4);
        int lastKey = -1;
        for (int i = 0; i < count; i++)
        {
            int key = BinaryPrimitives.ReadUInt16LittleEndian(descriptions[(4 * i)..]);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(descriptions[((4 * i) + 2)..]) + 1;
            if (key <= lastKey)
                throw Damaged($"container {key} follows container {lastKey}");
            lastKey = key;
            bool isRun = hasRuns && (runs[i / 8] >> (i % 8) & 1) != 0;
            var container = isRun ? ReadRuns() : size <= PositionContainer.MaxListed ? ReadList(size) : ReadWords();
            if (container.Count != size)
                throw Damaged($"a container of {size} positions holds {container.Count}");
            keys.Add(highKey | (uint)key);
            containers.Add(container);
        }
    }

    private RunContainer ReadRuns()
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
        var stored = Take(count * 4);
        var (firsts, lasts) = (new ushort[count], new ushort[count]);
        int end = -1;
        for (int i = 0; i < count; i++)
        {
            int first = BinaryPrimitives.ReadUInt16LittleEndian(stored[(4 * i)..]), last = first + BinaryPrimitives.ReadUInt16LittleEndian(stored[((4 * i) + 2)..]);
            if (first <= end || last >= PositionContainer.Range)
                throw Damaged($"run {first} to {last} follows position {end}");
            (firsts[i], lasts[i]) = ((ushort)first, (ushort)last);
            end = last;
        }

        return new RunContainer(firsts, lasts);
    }

    private ListContainer ReadList(int count)
    {
        var stored = Take(count * 2);
        var positions = new ushort[count];
        for (int i = 0; i < count; i++)
        {
            positions[i] = BinaryPrimitives.ReadUInt16LittleEndian(stored[(2 * i)..]);
            if (i > 0 && positions[i] <= positions[i - 1])
                throw Damaged($"position {positions[i]} follows position {positions[i - 1]}");
        }

        return new ListContainer(positions);
    }

    private PositionContainer ReadWords()
    {
        var stored = Take(PositionContainer.Words * 8);
        var words = new ulong[PositionContainer.Words];
        for (int i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt64LittleEndian(stored[(8 * i)..]);
        return PositionContainer.OfWords(words);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > data.Length - position)
            throw Damaged($"{count} bytes are expected at byte {position} of {data.Length}");
        var taken = data.Slice(position, count);
        position += count;
        return taken;
    }

    private static TarnException Damaged(string why) => TarnException.Corrupted($"The roaring bitmap is damaged: {why}.");
}
