using Tarn.Core.Compression;
using Tarn.Core.Errors;

namespace Tarn.Engine.Foreign.Lines;

/// <summary>
/// The lines of a file, one after the other. A line ends at a line feed, a carriage return, or both (Hadoop's LineReader). What ends in <c>.gz</c> and
/// <c>.deflate</c> is unpacked; other endings of packed files are refused by name.
/// </summary>
internal sealed class LineFile : IDisposable
{
    /// <summary>Longest line.</summary>
    public const int MaxLineBytes = 64 << 20;

    private const int FirstBufferBytes = 64 << 10;

    // Hadoop's CompressionCodecFactory, by the end of the name.
    private static readonly string[] s_packed = [".bz2", ".snappy", ".lz4", ".zst", ".lzo", ".lzo_deflate", ".br", ".xz", ".zip", ".Z"];

    private readonly Stream _stream;
    private readonly string _location;
    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start, _end;
    private bool _isOver, _skipsLineFeed;

    private LineFile(Stream stream, string location) => (_stream, _location) = (stream, location);

    /// <summary>Number of the line that was read last; the first is 1.</summary>
    public long Number { get; private set; }

    /// <summary>Refuses what is packed in a way that is not read.</summary>
    /// <exception cref="TarnException">Unsupported.</exception>
    public static void RequireReadable(string location)
    {
        if (s_packed.FirstOrDefault(p => location.EndsWith(p, StringComparison.OrdinalIgnoreCase)) is { } packed)
            throw TarnException.Unsupported($"File '{location}' is packed as {packed}; of text, this version of Tarn reads .gz, .deflate and what is not packed.");
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Local path.</param>
    /// <param name="location">What the table calls it: its ending tells how it is packed.</param>
    public static LineFile Open(string path, string location)
    {
        Stream file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        if (location.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            file = UnpackingStream.Gzip(file, location);
        else if (location.EndsWith(".deflate", StringComparison.OrdinalIgnoreCase))
            file = UnpackingStream.Zlib(file, location);
        var lines = new LineFile(file, location);
        lines.SkipMark();
        return lines;
    }

    /// <summary>The next line without its end; false behind the last one.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            if (_skipsLineFeed && _end > _start)
            {
                _start += _buffer[_start] == (byte)'\n' ? 1 : 0;
                _skipsLineFeed = false;
            }

            int end = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOfAny((byte)'\n', (byte)'\r');
            if (end >= 0)
            {
                end += searched;
                line = _buffer.AsSpan(_start, end);
                _skipsLineFeed = _buffer[_start + end] == (byte)'\r';
                _start += end + 1;
                Number++;
                return true;
            }

            searched = _end - _start;
            if (_isOver || !Fill())
            {
                line = _buffer.AsSpan(_start, _end - _start);
                bool isLine = !line.IsEmpty;
                _start = _end;
                Number += isLine ? 1 : 0;
                return isLine;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxLineBytes)
                throw TarnException.Corrupted($"Line {Number + 1} of '{_location}' has more than {MaxLineBytes} bytes, which is the limit.");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _isOver = read == 0;
        return read > 0;
    }

    // Hadoop's LineRecordReader leaves a byte order mark out.
    private void SkipMark()
    {
        while (_end < 3 && Fill())
        {
        }

        if (_buffer.AsSpan(0, _end).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            _start = 3;
    }
}
