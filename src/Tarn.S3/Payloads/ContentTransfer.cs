using System.Buffers;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Payloads;

/// <summary>
/// Moves a payload into the store. While one piece is hashed for its entity tag, and checked and written, each on a thread of its own, the next is received;
/// so a long upload runs at the speed of the slowest of the three.
/// </summary>
internal static class ContentTransfer
{
    // Large enough that a thread switch costs nothing beside hashing it.
    private const int PieceBytes = 512 * 1024;

    /// <summary>Receives everything and verifies it; the write holds it afterwards, uncommitted.</summary>
    /// <param name="payload">What comes in.</param>
    /// <param name="claims">What the request claims about it.</param>
    /// <param name="computes">Checksum to compute when none is claimed.</param>
    /// <param name="write">Where it goes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="S3Exception">The content is not what was claimed, or longer than an upload may be.</exception>
    public static async ValueTask<ReceivedContent> ReceiveAsync(
        RequestPayload payload, ChecksumClaims claims, ChecksumAlgorithm computes, ObjectWrite write, CancellationToken cancellationToken)
    {
        using var digests = new ContentDigests(payload, claims, computes);
        int size = (int)Math.Clamp(payload.SizeBytes ?? PieceBytes, 1, PieceBytes);
        byte[] filling = ArrayPool<byte>.Shared.Rent(size), working = ArrayPool<byte>.Shared.Rent(size);
        var work = Task.CompletedTask;
        try
        {
            while (await FillAsync(payload, filling, cancellationToken) is > 0 and var length)
            {
                await work;
                (filling, working) = (working, filling);
                // Short content is not worth a second thread.
                work = payload.SizeBytes <= PieceBytes ? TakeAsync(digests, write, working.AsMemory(0, length), cancellationToken)
                    : TakeOverlappedAsync(digests, write, working.AsMemory(0, length), cancellationToken);
            }

            await work;
            return digests.Finish();
        }
        finally
        {
            // A buffer that is still being worked on must not be given to somebody else.
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(filling);
            ArrayPool<byte>.Shared.Return(working);
        }
    }

    /// <summary>Receives a body that is parsed as a whole, and verifies it.</summary>
    /// <exception cref="S3Exception">MalformedXML when it is longer than <paramref name="maximumBytes"/>; or it is not what was claimed.</exception>
    public static async ValueTask<byte[]> ReadAllAsync(RequestPayload payload, ChecksumClaims claims, int maximumBytes, CancellationToken cancellationToken)
    {
        using var digests = new ContentDigests(payload, claims, ChecksumAlgorithm.Crc32);
        var content = new ArrayBufferWriter<byte>();
        while (await payload.ReadAsync(content.GetMemory(), cancellationToken) is > 0 and var length)
        {
            digests.Append(content.GetSpan()[..length]);
            content.Advance(length);
            if (content.WrittenCount > maximumBytes)
                throw new S3Exception(S3Error.MalformedXML, $"The body is longer than {maximumBytes} bytes.");
        }

        digests.Finish();
        return content.WrittenSpan.ToArray();
    }

    private static async ValueTask<int> FillAsync(RequestPayload payload, byte[] buffer, CancellationToken cancellationToken)
    {
        int filled = 0;
        while (filled < buffer.Length && await payload.ReadAsync(buffer.AsMemory(filled), cancellationToken) is > 0 and var length)
            filled += length;
        return filled;
    }

    private static async Task TakeAsync(ContentDigests digests, ObjectWrite write, ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        digests.Append(piece.Span);
        await write.WriteAsync(piece, cancellationToken);
    }

    private static Task TakeOverlappedAsync(ContentDigests digests, ObjectWrite write, ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        => Task.WhenAll(
            Task.Run(() => digests.AppendToETag(piece.Span), CancellationToken.None),
            Task.Run(() => WriteAsync(digests, write, piece, cancellationToken), CancellationToken.None));

    private static async Task WriteAsync(ContentDigests digests, ObjectWrite write, ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        digests.AppendToChecksums(piece.Span);
        await write.WriteAsync(piece, cancellationToken);
    }
}
