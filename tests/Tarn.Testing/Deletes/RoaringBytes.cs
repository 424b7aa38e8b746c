using System.Buffers.Binary;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Testing.Deletes;

/// <summary>Writes positions as a portable 64-bit roaring bitmap and as a deletion vector, written from the specification alone.</summary>
public static class RoaringBytes
{
    /// <summary>The bitmap; each container that is smaller so becomes one of runs when asked for.</summary>
    public static byte[] Of(IEnumerable<long> positions, bool withRuns)
    {
        var output = new List<byte>();
        var bitmaps = positions.Distinct().Order().GroupBy(p => p >> 32).ToArray();
        Add(output, (ulong)bitmaps.Length, 8);
        foreach (var bitmap in bitmaps)
        {
            Add(output, (ulong)bitmap.Key, 4);
            AddBitmap(output, [.. bitmap.GroupBy(p => (int)(p >> 16 & 0xFFFF), p => (int)(p & 0xFFFF)).Select(g => (g.Key, g.ToArray()))], withRuns);
        }

        return [.. output];
    }

    /// <summary>The blob of a deletion vector around a bitmap.</summary>
    public static byte[] Blob(byte[] bitmap)
    {
        byte[] body = [0xD1, 0xD3, 0x39, 0x64, .. bitmap];
        byte[] blob = [0, 0, 0, 0, .. body, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(blob, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(^4), Crc32.Compute(body));
        return blob;
    }

    private static void AddBitmap(List<byte> output, (int Key, int[] Positions)[] containers, bool withRuns)
    {
        Add(output, withRuns ? 12347u | (ulong)(containers.Length - 1) << 16 : 12346, 4);
        if (!withRuns)
            Add(output, (ulong)containers.Length, 4);
        bool[] isRun = [.. containers.Select(c => withRuns && Runs(c.Positions).Count * 4 < Math.Min(8192, c.Positions.Length * 2))];
        for (int i = 0; withRuns && i < (containers.Length + 7) / 8; i++)
            output.Add((byte)Enumerable.Range(0, 8).Where(b => (8 * i) + b < isRun.Length && isRun[(8 * i) + b]).Sum(b => 1 << b));
        foreach (var (key, positions) in containers)
        {
            Add(output, (ulong)key, 2);
            Add(output, (ulong)positions.Length - 1, 2);
        }

        // Readers walk the containers in order; the offsets are for those that jump.
        if (!withRuns || containers.Length >= 4)
            output.AddRange(new byte[4 * containers.Length]);
        foreach (var (i, container) in containers.Index())
            AddContainer(output, container.Positions, isRun[i]);
    }

    private static void AddContainer(List<byte> output, int[] positions, bool isRun)
    {
        if (isRun)
        {
            var runs = Runs(positions);
            Add(output, (ulong)runs.Count, 2);
            foreach (var (first, last) in runs)
            {
                Add(output, (ulong)first, 2);
                Add(output, (ulong)(last - first), 2);
            }
        }
        else if (positions.Length <= 4096)
        {
            foreach (int position in positions)
                Add(output, (ulong)position, 2);
        }
        else
        {
            byte[] bits = new byte[8192];
            foreach (int position in positions)
                bits[position / 8] |= (byte)(1 << position % 8);
            output.AddRange(bits);
        }
    }

    private static List<(int First, int Last)> Runs(int[] positions)
    {
        var runs = new List<(int First, int Last)>();
        foreach (int position in positions)
        {
            if (runs.Count > 0 && runs[^1].Last == position - 1)
                runs[^1] = (runs[^1].First, position);
            else
                runs.Add((position, position));
        }

        return runs;
    }

    private static void Add(List<byte> output, ulong value, int bytes)
    {
        for (; bytes > 0; bytes--, value >>= 8)
            output.Add((byte)value);
    }
}
