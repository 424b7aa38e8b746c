using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Tarn.Core.Checksums;
using Tarn.Storage.Buckets.Files;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<ObjectChecksum>> ReadChecksumsAsync(string bucket, ObjectRecord record, CancellationToken cancellationToken = default)
    {
        if (!record.Checksums.IsEmpty || !record.Parts.IsEmpty || record.IsDeleteMarker)
            return record.Checksums;
        // Whoever comes while the bytes are read waits for the result instead of reading them, too.
        using var alone = await _checksums.EnterAsync(bucket, record.Key, cancellationToken).ConfigureAwait(false);
        using var reader = await OpenAsync(bucket, record.Key, record.VersionId, cancellationToken).ConfigureAwait(false);
        if (reader is not OpenObject opened || opened.Record.ETag != record.ETag || opened.Record.LastModified != record.LastModified)
            return [];
        if (opened.Crc32C is { } known)
            return Castagnoli(known);
        uint computed = await Task.Run(() => ComputeCrc32C(opened, cancellationToken), cancellationToken).ConfigureAwait(false);
        return await KeepChecksumAsync(bucket, opened.Record, computed, cancellationToken).ConfigureAwait(false) is null ? Castagnoli(computed) : [];
    }

    private static ImmutableArray<ObjectChecksum> Castagnoli(uint checksum)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, checksum);
        return [new ObjectChecksum(ChecksumAlgorithm.Crc32C, Convert.ToBase64String(bytes))];
    }

    private static uint ComputeCrc32C(OpenObject opened, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(opened.Record.SizeBytes, 1, ChecksumBufferBytes));
        try
        {
            uint checksum = 0;
            for (long offset = 0; offset < opened.Record.SizeBytes;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int read = opened.Read(buffer, offset);
                checksum = Crc32C.Append(checksum, buffer.AsSpan(0, read));
                offset += read;
            }

            return checksum;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
