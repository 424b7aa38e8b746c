using System.Buffers;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Payloads;

/// <summary>
/// Moves a payload into the store. A long one is hashed for its entity tag, which takes longest, on a thread of its own, while the rest goes on: so an upload
/// runs at the speed of that hash where the network and the disk allow.
/// </summary>
internal static class ContentTransfer
{
    // Large enough that a thread switch costs nothing beside hashing a piece; as many as the disk may be late by without the hash having to wait.
    private const int PieceBytes = 256 * 1024, PieceCount = 8;

    // Not worth a second thread.
    private const int ShortBytes = 2 * PieceBytes;

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
        if (payload.SizeBytes <= ShortBytes)
            await ReceiveShortAsync(payload, digests, write, cancellationToken);
        else
            await ReceiveLongAsync(payload, digests, write, cancellationToken);
        return digests.Finish();
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

    private static async ValueTask ReceiveShortAsync(RequestPayload payload, ContentDigests digests, ObjectWrite write, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(payload.SizeBytes ?? 0, 1, PieceBytes));
        try
        {
            while (await FillAsync(payload, buffer, cancellationToken) is > 0 and var length)
            {
                digests.Append(buffer.AsSpan(0, length));
                await write.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask ReceiveLongAsync(RequestPayload payload, ContentDigests digests, ObjectWrite write, CancellationToken cancellationToken)
    {
        using var pieces = new ContentPieces(PieceBytes, PieceCount, piece => digests.AppendToETag(piece.Span));
        await pieces.RunAsync(buffer => FillAsync(payload, buffer, cancellationToken), StoreAsync, cancellationToken);

        ValueTask StoreAsync(ReadOnlyMemory<byte> piece)
        {
            digests.AppendToChecksums(piece.Span);
            return write.WriteAsync(piece, cancellationToken);
        }
    }

    private static async ValueTask<int> FillAsync(RequestPayload payload, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int filled = 0;
        while (filled < buffer.Length && await payload.ReadAsync(buffer[filled..], cancellationToken) is > 0 and var length)
            filled += length;
        return filled;
    }
}
