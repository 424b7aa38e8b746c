using System.Globalization;
using System.Text;
using Tarn.S3.Errors;

namespace Tarn.S3.Payloads;

/// <summary>
/// Takes the aws-chunked framing off a body: <c>size[;chunk-signature=…] CRLF data CRLF</c>, a last chunk of size 0, then trailer lines up to an empty one.
/// It is fed spans of any size and does no input or output. Signatures are checked at the end of the chunk they belong to, so what was decoded must not
/// be used before <see cref="IsComplete"/>.
/// </summary>
/// <param name="signatures">The chain to check, or null for unsigned chunks.</param>
/// <param name="hasTrailer">True when trailer lines may follow the last chunk.</param>
internal sealed class AwsChunkedDecoder(ChunkSignatures? signatures, bool hasTrailer)
{
    /// <summary>The longest line: a size, a signature and nothing else, or a trailer with one checksum.</summary>
    public const int MaximumLineBytes = 1024;

    /// <summary>The longest trailer.</summary>
    public const int MaximumTrailerBytes = 8192;

    private const string SignatureExtension = "chunk-signature=";
    private const string TrailerSignature = "x-amz-trailer-signature";

    private enum Part
    {
        Size,
        Data,
        DataEnd,
        Trailer,
        Complete,
    }

    private readonly byte[] _line = new byte[MaximumLineBytes];
    private readonly Dictionary<string, string> _trailer = new(StringComparer.OrdinalIgnoreCase);
    private readonly StringBuilder _trailerLines = new();
    private Part _part;
    private int _lineLength;
    private long _left;
    private string _signature = "";
    private string? _trailerSignature;

    /// <summary>True when the last chunk and the trailer were read and every signature was right.</summary>
    public bool IsComplete => _part == Part.Complete;

    /// <summary>The trailer's fields, complete when <see cref="IsComplete"/>.</summary>
    public IReadOnlyDictionary<string, string> Trailer => _trailer;

    /// <summary>Decodes as much as fits.</summary>
    /// <param name="source">Framed bytes that follow those consumed before.</param>
    /// <param name="destination">Room for data; needs not hold a whole chunk.</param>
    /// <param name="consumed">How many framed bytes were used; fewer than given when the destination is full or the body is complete.</param>
    /// <returns>How many bytes of data were written.</returns>
    /// <exception cref="S3Exception">The framing is broken (IncompleteBody, MalformedTrailerError) or a signature is wrong (SignatureDoesNotMatch).</exception>
    public int Decode(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed)
    {
        int written = 0;
        consumed = 0;
        while (consumed < source.Length && _part != Part.Complete)
        {
            var rest = source[consumed..];
            if (_part == Part.Data)
            {
                int count = (int)Math.Min(Math.Min(rest.Length, destination.Length - written), _left);
                if (count == 0)
                    break;
                rest[..count].CopyTo(destination[written..]);
                signatures?.Append(rest[..count]);
                (consumed, written, _left) = (consumed + count, written + count, _left - count);
                _part = _left == 0 ? Part.DataEnd : Part.Data;
            }
            else if (TryLine(rest, ref consumed, out var line))
            {
                Take(line);
            }
        }

        return written;
    }

    // Lines end in CRLF; some clients end a trailer line in LF alone.
    private bool TryLine(ReadOnlySpan<byte> rest, ref int consumed, out ReadOnlySpan<byte> line)
    {
        int end = rest.IndexOf((byte)'\n'), count = end < 0 ? rest.Length : end + 1;
        if (_lineLength + count > MaximumLineBytes)
            throw Broken($"a line of the chunk framing is longer than {MaximumLineBytes} bytes");
        rest[..count].CopyTo(_line.AsSpan(_lineLength));
        line = default;
        (consumed, _lineLength) = (consumed + count, _lineLength + count);
        if (end < 0)
            return false;
        line = _line.AsSpan(0, _lineLength - 1);
        _lineLength = 0;
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        else if (_part != Part.Trailer)
            throw Broken("a line of the chunk framing does not end in CRLF");
        return true;
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        switch (_part)
        {
            case Part.Size:
                ReadSize(line);
                break;
            case Part.DataEnd:
                if (!line.IsEmpty)
                    throw Broken("the data of a chunk is longer than its size");
                EndChunk();
                _part = Part.Size;
                break;
            default:
                if (line.IsEmpty)
                    EndTrailer();
                else
                    ReadTrailer(line);
                break;
        }
    }

    private void ReadSize(ReadOnlySpan<byte> line)
    {
        int semicolon = line.IndexOf((byte)';');
        var size = semicolon < 0 ? line : line[..semicolon];
        if (size.Length is 0 or > 15 || !long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left))
            throw Broken("the size of a chunk is not a hexadecimal number");
        string extension = semicolon < 0 ? "" : Encoding.ASCII.GetString(line[(semicolon + 1)..]);
        _signature = extension.StartsWith(SignatureExtension, StringComparison.Ordinal) ? extension[SignatureExtension.Length..] : "";
        if (_left > 0)
        {
            _part = Part.Data;
            return;
        }

        EndChunk();
        _part = Part.Trailer;
    }

    private void EndChunk()
    {
        if (signatures is not null && !signatures.EndChunk(_signature))
            throw new S3Exception(S3Error.SignatureDoesNotMatch, "The signature of a chunk does not match the one calculated. Check your key and signing method.");
    }

    private void ReadTrailer(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (!hasTrailer || colon <= 0 || _trailerLines.Length + line.Length > MaximumTrailerBytes)
            throw new S3Exception(S3Error.MalformedTrailerError);
        string name = Encoding.UTF8.GetString(line[..colon]).Trim(), value = Encoding.UTF8.GetString(line[(colon + 1)..]).Trim();
        if (name.Equals(TrailerSignature, StringComparison.OrdinalIgnoreCase))
        {
            _trailerSignature = value;
            return;
        }

        _trailerLines.Append(name).Append(':').Append(value).Append('\n');
        if (!_trailer.TryAdd(name, value))
            throw new S3Exception(S3Error.MalformedTrailerError, $"The trailer names '{name}' twice.");
    }

    private void EndTrailer()
    {
        if (signatures is not null && hasTrailer && _trailer.Count > 0)
        {
            if (_trailerSignature is null || !signatures.IsTrailer(Encoding.UTF8.GetBytes(_trailerLines.ToString()), _trailerSignature))
                throw new S3Exception(S3Error.SignatureDoesNotMatch, "The signature of the trailer does not match the one calculated. Check your key and signing method.");
        }

        _part = Part.Complete;
    }

    private static S3Exception Broken(string why) => new(S3Error.IncompleteBody, $"The body is not aws-chunked: {why}.");
}
