using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

/// <summary>What the parts of a completion must be, and what they make together.</summary>
internal static class UploadRules
{
    /// <summary>The stored parts that a completion names.</summary>
    /// <exception cref="BucketStoreException">InvalidPart, InvalidPartOrder, EntityTooSmall, EntityTooLarge.</exception>
    public static ImmutableArray<StoredPart> Choose(string key, IReadOnlyDictionary<int, StoredPart> stored, ImmutableArray<PartReference> named)
    {
        if (named.IsEmpty)
            throw new BucketStoreException(BucketFault.InvalidPart, $"The completion of the upload to '{key}' names no parts.");
        for (int i = 1; i < named.Length; i++)
        {
            if (named[i].Number <= named[i - 1].Number)
                throw new BucketStoreException(BucketFault.InvalidPartOrder, $"The completion of the upload to '{key}' names part {named[i].Number} after part {named[i - 1].Number}; parts must come in ascending order.");
        }

        ImmutableArray<StoredPart> chosen = [.. named.Select(n => Match(key, stored, n))];
        foreach (var part in chosen.AsSpan()[..^1])
        {
            if (part.Part.SizeBytes < BucketLimits.SmallestPartBytes)
                throw new BucketStoreException(BucketFault.EntityTooSmall, $"Part {part.Part.Number} of the upload to '{key}' is {part.Part.SizeBytes} bytes long; all parts but the last have at least {BucketLimits.SmallestPartBytes}.");
        }

        return chosen.Sum(p => p.Part.SizeBytes) <= BucketLimits.ObjectBytes
            ? chosen
            : throw new BucketStoreException(BucketFault.EntityTooLarge, $"The parts of the upload to '{key}' are more than {BucketLimits.ObjectBytes} bytes together, the most that an object may have.");
    }

    /// <summary>Hex MD5 of the parts' MD5s, a hyphen and the number of parts, as S3 clients expect it.</summary>
    public static string ETag(ImmutableArray<StoredPart> parts)
    {
        byte[] sums = [.. parts.SelectMany(p => Convert.FromHexString(p.Part.ETag))];
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(MD5.HashData(sums))}-{parts.Length}");
    }

    public static uint Crc32C(ImmutableArray<StoredPart> parts)
    {
        uint crc = 0;
        foreach (var part in parts)
            crc = Core.Checksums.Crc32C.Combine(crc, part.Crc32C, part.Part.SizeBytes);
        return crc;
    }

    public static ImmutableArray<ObjectPart> ObjectParts(ImmutableArray<StoredPart> parts) =>
        [.. parts.Select(p => new ObjectPart(p.Part.Number, p.Part.SizeBytes, p.Part.Checksums))];

    private static StoredPart Match(string key, IReadOnlyDictionary<int, StoredPart> stored, PartReference named)
    {
        if (!stored.TryGetValue(named.Number, out var part) || !string.Equals(part.Part.ETag, named.ETag, StringComparison.OrdinalIgnoreCase))
            throw new BucketStoreException(BucketFault.InvalidPart, $"Part {named.Number} with the ETag '{named.ETag}' of the upload to '{key}' was not stored; upload it again.");
        foreach (var checksum in named.Checksums)
        {
            if (!part.Part.Checksums.Contains(checksum))
                throw new BucketStoreException(BucketFault.InvalidPart, $"Part {named.Number} of the upload to '{key}' was not stored with the {checksum.Algorithm} checksum '{checksum.Value}'.");
        }

        return part;
    }
}
