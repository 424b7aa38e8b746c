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

    /// <summary>Cuts the file to a length.</summary>
    void Truncate(long lengthBytes);

    /// <summary>Returns when every byte written so far, and the length, would survive a power cut. The file's name may still not.</summary>
    void Sync();
}
