using System.Buffers;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>
/// Contiguous bytes that a decompressor produces, in pooled memory that grows up to a limit.
/// Disposing returns the memory to its pool: nothing may hold on to <see cref="Written"/> afterwards.
/// </summary>
/// <param name="limitBytes">Most bytes that may be written.</param>
/// <param name="expectedBytes">A guess of the final size; wrong guesses cost time only.</param>
public sealed class OutputBuffer(int limitBytes, int expectedBytes = 256) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Clamp(expectedBytes, 1, Math.Max(1, limitBytes)));

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Most bytes that may be written.</summary>
    public int LimitBytes { get; } = limitBytes;

    /// <summary>What was written; valid until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>What was written, as memory; valid until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>Everything behind <see cref="Length"/> that fits without growing, at least one byte unless the limit is reached.</summary>
    public Span<byte> Free()
    {
        if (_bytes.Length == Length && Length < LimitBytes)
            Grow(Length + 1L);
        return _bytes.AsSpan(Length, Math.Min(_bytes.Length, LimitBytes) - Length);
    }

    /// <summary>The next <paramref name="count"/> bytes, counted as written at once.</summary>
    /// <exception cref="TarnException">DataCorrupted when the limit would be passed.</exception>
    public Span<byte> Append(int count)
    {
        Reserve(count);
        var span = _bytes.AsSpan(Length, count);
        Length += count;
        return span;
    }

    /// <summary>Makes room for <paramref name="count"/> more bytes.</summary>
    /// <exception cref="TarnException">DataCorrupted when the limit would be passed.</exception>
    public void Reserve(int count)
    {
        long needed = (long)Length + count;
        if (needed > LimitBytes)
            throw TarnException.Corrupted($"Compressed data expands to more than {LimitBytes} bytes, the limit here.");
        if (needed > _bytes.Length)
            Grow(needed);
    }

    /// <summary>The whole memory, written part first, with room for <paramref name="count"/> more bytes unless the limit is nearer; never beyond the limit.</summary>
    internal Span<byte> AllWithRoom(int count)
    {
        if (_bytes.Length - Length < count && _bytes.Length < LimitBytes)
            Grow(Math.Min(LimitBytes, (long)Length + count));
        return _bytes.AsSpan(0, Math.Min(_bytes.Length, LimitBytes));
    }

    /// <summary>Counts bytes that were written into <see cref="Free"/>.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Writes <paramref name="count"/> bytes that begin <paramref name="distance"/> bytes back; source and target may overlap.</summary>
    /// <exception cref="TarnException">DataCorrupted when the distance leaves what was written.</exception>
    public void CopyBack(int distance, int count)
    {
        int from = Length - distance;
        if (distance <= 0 || from < 0)
            throw TarnException.Corrupted($"Compressed data refers {distance} bytes back after only {Length} bytes.");
        var target = Append(count);
        if (distance >= count)
        {
            _bytes.AsSpan(from, count).CopyTo(target);
            return;
        }

        CopyOverlapping(_bytes, from, Length - count, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private static void CopyOverlapping(byte[] bytes, int from, int to, int count)
    {
        // The pattern [from, to) doubles with every copy.
        while (count > 0)
        {
            int run = Math.Min(to - from, count);
            bytes.AsSpan(from, run).CopyTo(bytes.AsSpan(to));
            to += run;
            count -= run;
        }
    }

    private void Grow(long needed)
    {
        int size = (int)Math.Min(Math.Max(needed, _bytes.Length * 2L), Array.MaxLength);
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
