using System.Buffers;
using System.IO.Pipelines;
using Tarn.S3.Errors;
using Tarn.S3.Requests;

namespace Tarn.S3.Payloads;

/// <summary>
/// The content of a request's body, framing taken off. Not trusted before the end: signatures of chunks are checked as they end, digests by whoever
/// reads it. The first read is what sends <c>100 Continue</c>.
/// </summary>
internal sealed class RequestPayload : IDisposable
{
    private static readonly Dictionary<string, string> s_noTrailer = [];
    private readonly PipeReader _body;
    private readonly ChunkSignatures? _signatures;
    private readonly AwsChunkedDecoder? _decoder;
    private long _received;

    /// <summary>Wraps a body.</summary>
    /// <param name="body">The HTTP body, its transfer coding taken off.</param>
    /// <param name="mode">Framing and protection.</param>
    /// <param name="sizeBytes">Length of the content; null when the client did not tell.</param>
    /// <param name="sha256">Hexadecimal SHA-256 that the content must have, or null.</param>
    /// <param name="signatures">Chain of chunk signatures, for modes that have one; owned by the payload.</param>
    public RequestPayload(PipeReader body, PayloadMode mode, long? sizeBytes, string? sha256, ChunkSignatures? signatures)
    {
        (_body, Mode, SizeBytes, Sha256, _signatures) = (body, mode, sizeBytes, sha256, signatures);
        _decoder = mode.IsChunked ? new(signatures, mode.HasTrailer) : null;
    }

    /// <summary>Framing and protection.</summary>
    public PayloadMode Mode { get; }

    /// <summary>Length of the content, or null when the client did not tell.</summary>
    public long? SizeBytes { get; }

    /// <summary>Hexadecimal SHA-256 that the content must have; null when it is protected otherwise or not at all.</summary>
    public string? Sha256 { get; }

    /// <summary>The most content that is taken.</summary>
    public long MaximumBytes { get; init; } = S3Limits.BodySizeBytes;

    /// <summary>True from the first read on: the client was, or will be, told to go on sending.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Content read so far.</summary>
    public long ReceivedBytes => _received;

    /// <summary>Fields of the trailer, complete after the last read.</summary>
    public IReadOnlyDictionary<string, string> Trailer => _decoder?.Trailer ?? s_noTrailer;

    /// <summary>Reads content; 0 at the end, when framing and length were right.</summary>
    /// <exception cref="S3Exception">IncompleteBody, MalformedTrailerError or SignatureDoesNotMatch.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            HasStarted = true;
            var result = await ReceiveAsync(cancellationToken);
            int written = Take(result.Buffer, buffer.Span, out var consumed);
            bool isExamined = written == 0 && !result.IsCompleted, isEmpty = result.Buffer.Slice(consumed).IsEmpty;
            _body.AdvanceTo(consumed, isExamined ? result.Buffer.End : consumed);
            _received += written;
            if (_received > MaximumBytes)
                throw new S3Exception(S3Error.EntityTooLarge);
            if (SizeBytes is { } size && _received > size)
                throw new S3Exception(S3Error.IncompleteBody, $"The body is longer than the {size} bytes announced.");
            if (written > 0)
                return written;
            if (result.IsCompleted && isEmpty)
                return End();
            if (_decoder is { IsComplete: true } && !isEmpty)
                throw new S3Exception(S3Error.IncompleteBody, "Bytes follow the last chunk of the body.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _signatures?.Dispose();

    private async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _body.ReadAsync(cancellationToken);
        }
        catch (IOException broken) when (broken.InnerException is OverflowException)
        {
            // How the web server says that the size of a chunk does not fit any number.
            throw new S3Exception(S3Error.IncompleteBody, "The size of a chunk of the body is too large.", broken);
        }
    }

    private int Take(ReadOnlySequence<byte> source, Span<byte> destination, out SequencePosition consumed)
    {
        if (_decoder is not null)
            return Decode(_decoder, source, destination, out consumed);
        int count = (int)Math.Min(source.Length, destination.Length);
        source.Slice(0, count).CopyTo(destination);
        consumed = source.GetPosition(count);
        return count;
    }

    private static int Decode(AwsChunkedDecoder decoder, ReadOnlySequence<byte> source, Span<byte> destination, out SequencePosition consumed)
    {
        int written = 0;
        long used = 0;
        foreach (var segment in source)
        {
            written += decoder.Decode(segment.Span, destination[written..], out int count);
            used += count;
            if (count < segment.Length)
                break;
        }

        consumed = source.GetPosition(used);
        return written;
    }

    private int End()
    {
        if (_decoder is { IsComplete: false })
            throw new S3Exception(S3Error.IncompleteBody, "The body ends before its last chunk.");
        if (SizeBytes is { } size && _received != size)
            throw new S3Exception(S3Error.IncompleteBody, $"The body has {_received} bytes; {size} were announced.");
        return 0;
    }
}
