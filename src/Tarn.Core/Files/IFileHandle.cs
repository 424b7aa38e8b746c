namespace Tarn.Core.Files;

/// <summary>An open file. Positions are explicit, so that one handle may serve several threads.</summary>
public interface IFileHandle : IDisposable
{
    /// <summary>Present length in bytes.</summary>
    long LengthBytes { get; }

    /// <summary>Reads up to the length of <paramref name="buffer"/> from <paramref name="offset"/>.</summary>
    /// <returns>Bytes read: fewer than asked for only at the end of the file.</returns>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Writes all of <paramref name="content"/> at <paramref name="offset"/>, growing the file as needed.</summary>
    void Write(ReadOnlySpan<byte> content, long offset);

    /// <summary>Lengthens the file with zeros that take room on the disk, so that writing there later does not fail for want of it.</summary>
    /// <param name="lengthBytes">Not less than the present length.</param>
    /// <exception cref="IOException">The disk is full; the file may be longer than before, and as far as it is, there is room.</exception>
    void Allocate(long lengthBytes)
    {
        Span<byte> zeros = stackalloc byte[4096];
        zeros.Clear();
        for (long at = LengthBytes; at < lengthBytes; at = LengthBytes)
            Write(zeros[..(int)Math.Min(zeros.Length, lengthBytes - at)], at);
    }

    /// <summary>Cuts the file to a length.</summary>
    void Truncate(long lengthBytes);

    /// <summary>Returns when every byte written so far, and the length, would survive a power cut. The file's name may still not.</summary>
    void Sync();

    /// <summary>
    /// Lets the disk begin with bytes that were written, so that a later <see cref="Sync"/> finds less to do. Promises nothing, waits for nothing but
    /// room in the disk's queue, and does not fail.
    /// </summary>
    void BeginSync(long offset, long lengthBytes)
    {
    }
}
