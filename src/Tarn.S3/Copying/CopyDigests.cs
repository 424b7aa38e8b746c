using System.Buffers;
using Tarn.S3.Checksums;
using Tarn.S3.Objects;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Copying;

/// <summary>Entity tag and checksum of bytes that are copied inside the store and so never pass the door.</summary>
internal static class CopyDigests
{
    private const int PieceBytes = 512 * 1024;

    /// <summary>Reads a range and computes both.</summary>
    /// <param name="reader">The source.</param>
    /// <param name="range">Its bytes that were copied.</param>
    /// <param name="algorithm">Algorithm of the checksum.</param>
    /// <param name="cancellationToken">Checked between pieces.</param>
    public static ReceivedContent Compute(ObjectReader reader, ByteRange range, ChecksumAlgorithm algorithm, CancellationToken cancellationToken)
    {
        using var md5 = RunningChecksum.Md5();
        using var checksum = RunningChecksum.Create(algorithm);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (long done = 0; done < range.Length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = reader.Read(buffer.AsSpan(0, (int)Math.Min(PieceBytes, range.Length - done)), range.Offset + done);
                md5.Append(buffer.AsSpan(0, count));
                checksum.Append(buffer.AsSpan(0, count));
                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new(Convert.ToHexStringLower(md5.Finish()), [new(algorithm, Convert.ToBase64String(checksum.Finish()))]);
    }
}
