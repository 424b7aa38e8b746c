using System.Runtime.CompilerServices;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>
/// Decompresses deflate (RFC 1951) from memory to memory. Faster than a stream for the small blocks of Avro: nothing is allocated, the output is the window,
/// and several literals are decoded for each refill of the bit buffer.
/// </summary>
internal unsafe ref partial struct Inflate
{
    private readonly OutputBuffer _output;
    private readonly int _start;
    private readonly byte* _end;
    private byte* _in;
    private ulong _bits;
    private int _count;

    private Inflate(byte* data, int length, OutputBuffer output)
    {
        _in = data;
        _end = data + length;
        (_output, _start) = (output, output.Length);
    }

    /// <summary>Appends what <paramref name="data"/> expands to.</summary>
    /// <exception cref="TarnException">DataCorrupted for damaged data or more bytes than the limit of the output.</exception>
    internal static void Decompress(ReadOnlySpan<byte> data, OutputBuffer output)
    {
        fixed (byte* start = data)
            new Inflate(start, data.Length, output).Run();
    }

    private void Run()
    {
        uint* lengths = stackalloc uint[InflateTable.LengthEntries];
        uint* distances = stackalloc uint[InflateTable.DistanceEntries];
        bool last;
        do
        {
            last = Take(1) != 0;
            switch (Take(2))
            {
                case 0:
                    CopyStored();
                    break;
                case 1:
                    BuildFixed(lengths, distances);
                    RunBlock(lengths, distances);
                    break;
                case 2:
                    ReadDynamic(lengths, distances);
                    RunBlock(lengths, distances);
                    break;
                default:
                    throw Damaged("a block has the reserved type 3");
            }
        }
        while (!last);
    }

    private readonly TarnException TooLarge() => TarnException.Corrupted($"Compressed data expands to more than {_output.LimitBytes} bytes, the limit here.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly TarnException TooFar(long distance, long written) => Damaged($"a match reaches {distance} bytes back after {written} bytes");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly TarnException Damaged(string reason) =>
        TarnException.Corrupted($"Deflate data is damaged {_end - _in} bytes before its end: {reason}.");

    /// <summary>Fills the bit buffer byte by byte up to the end of the input.</summary>
    private void FillSlowly()
    {
        while (_count <= 56 && _in < _end)
        {
            _bits |= (ulong)*_in++ << _count;
            _count += 8;
        }
    }

    private int Take(int bits)
    {
        if (_count < bits)
            FillSlowly();
        if (_count < bits)
            throw Damaged("it ends early");
        int value = (int)(_bits & ((1UL << bits) - 1));
        _bits >>= bits;
        _count -= bits;
        return value;
    }
}
