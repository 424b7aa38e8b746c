using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Tarn.S3.Checksums;
using Tarn.Storage.Buckets;
using StoredPart = Tarn.Storage.Buckets.UploadPart;

namespace Tarn.S3.Multipart;

/// <summary>
/// The checksum of a multipart object, made of those of its parts ("Checking object integrity": multipart uploads). Composite: the checksum of the parts'
/// checksums, with the number of parts. Full object: CRCs of the parts joined, as if it had been uploaded in one piece.
/// </summary>
internal static class ObjectChecksums
{
    /// <summary>Computes it; empty when the parts have no checksum in common that can be joined.</summary>
    public static ImmutableArray<ObjectChecksum> Of(UploadRecord upload, ImmutableArray<StoredPart> parts)
    {
        if (parts.IsEmpty)
            return [];
        // Who named no algorithm gets a full checksum, if the parts allow one.
        var algorithm = upload.ChecksumAlgorithm
            ?? parts[0].Checksums.Select(c => (ChecksumAlgorithm?)c.Algorithm).FirstOrDefault(a => a?.Crc is not null && parts.All(p => Value(p, a.Value) is not null));
        if (algorithm is not { } chosen || parts.Any(p => Value(p, chosen) is null))
            return [];
        return upload.IsChecksumComposite ? [Composite(chosen, parts)] : [Joined(chosen, parts)];
    }

    private static ObjectChecksum Composite(ChecksumAlgorithm algorithm, ImmutableArray<StoredPart> parts)
    {
        using var running = RunningChecksum.Create(algorithm);
        foreach (var part in parts)
            running.Append(Value(part, algorithm));
        return new(algorithm, string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(running.Finish())}-{parts.Length}"), true);
    }

    private static ObjectChecksum Joined(ChecksumAlgorithm algorithm, ImmutableArray<StoredPart> parts)
    {
        var crc = algorithm.Crc ?? throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Only CRCs can be joined.");
        ulong whole = 0;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        foreach (var part in parts)
        {
            bytes.Clear();
            Value(part, algorithm).CopyTo(bytes[^algorithm.SizeBytes..]);
            whole = crc.Combine(whole, BinaryPrimitives.ReadUInt64BigEndian(bytes), part.SizeBytes);
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, whole);
        return new(algorithm, Convert.ToBase64String(bytes[^algorithm.SizeBytes..]));
    }

    private static byte[]? Value(StoredPart part, ChecksumAlgorithm algorithm)
    {
        foreach (var checksum in part.Checksums)
        {
            if (checksum.Algorithm == algorithm)
                return Convert.FromBase64String(checksum.Value);
        }

        return null;
    }
}
