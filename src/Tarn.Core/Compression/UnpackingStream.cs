using Tarn.Core.Errors;
using Tarn.Core.Streams;

namespace Tarn.Core.Compression;

/// <summary>
/// What packed data expands to, read forward, with the promise that all of it was there: the streams of .NET end without an error where their input is cut
/// off, so a file that was copied in part would read as one with fewer rows.
/// </summary>
public abstract class UnpackingStream : ForwardStream
{
    private const int BufferBytes = 64 << 10;

    private readonly Stream _unpacked;
    private readonly string _name;
    private readonly int _heldBytes;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start, _end;
    private long _delivered;
    private bool _isOver;

    /// <summary>Starts at the beginning.</summary>
    /// <param name="unpacked">Unpacks; belongs to this stream.</param>
    /// <param name="name">What messages call the data: a path or location.</param>
    /// <param name="heldBytes">How many of the last bytes are no content.</param>
    private protected UnpackingStream(Stream unpacked, string name, int heldBytes) => (_unpacked, _name, _heldBytes) = (unpacked, name, heldBytes);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <summary>Unpacks gzip (RFC 1952): one member or several, one behind the other, and nothing else.</summary>
    /// <param name="packed">The data; belongs to the result.</param>
    /// <param name="name">What messages call it: a path or location.</param>
    public static UnpackingStream Gzip(Stream packed, string name) => new GzipUnpackingStream(packed, name);

    /// <summary>Unpacks zlib (RFC 1950), which Hadoop calls <c>deflate</c>.</summary>
    /// <param name="packed">The data; belongs to the result.</param>
    /// <param name="name">What messages call it: a path or location.</param>
    public static UnpackingStream Zlib(Stream packed, string name) => new ZlibUnpackingStream(packed, name);

    /// <inheritdoc/>
    /// <exception cref="TarnException">DataCorrupted: the data is damaged, cut off, or has something behind its end.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_end - _start <= _heldBytes && !_isOver)
            Fill();
        int read = Math.Min(buffer.Length, _end - _start - _heldBytes);
        _buffer.AsSpan(_start, read).CopyTo(buffer);
        _start += read;
        _delivered += read;
        return read;
    }

    /// <summary>Sees every unpacked byte once, in order.</summary>
    private protected abstract void Take(ReadOnlySpan<byte> unpacked);

    /// <summary>Whether the data ended as its format says.</summary>
    /// <param name="held">The last unpacked bytes, at most as many as are no content.</param>
    private protected abstract bool IsWhole(ReadOnlySpan<byte> held);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int read;
        try
        {
            read = _unpacked.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }

        Take(_buffer.AsSpan(_end, read));
        _end += read;
        _isOver = read == 0;
        if (_isOver && !IsWhole(_buffer.AsSpan(_start, _end - _start)))
            throw Damaged(null);
    }

    private TarnException Damaged(InvalidDataException? cause) => TarnException.Corrupted(
        $"{_name}: the file is cut off or damaged: its packed data does not go on or end as it must, somewhere behind {_delivered} unpacked bytes. Copy it again from where it came from, or write it anew.", cause);
}
