using System.Diagnostics.CodeAnalysis;
using Tarn.Core.Checksums;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Checksums;

/// <summary>Names of the algorithms in headers, XML and trailers.</summary>
internal static class ChecksumAlgorithms
{
    /// <summary>What every header and trailer that carries a checksum begins with.</summary>
    public const string HeaderPrefix = "x-amz-checksum-";

    /// <summary>All of them, in the order of the specification's XML schema.</summary>
    public static IReadOnlyList<ChecksumAlgorithm> All { get; } = Enum.GetValues<ChecksumAlgorithm>();

    extension(ChecksumAlgorithm algorithm)
    {
        /// <summary>Name as in <c>x-amz-checksum-algorithm</c>, for instance <c>CRC64NVME</c>.</summary>
        public string Name => algorithm switch
        {
            ChecksumAlgorithm.Crc32 => "CRC32",
            ChecksumAlgorithm.Crc32C => "CRC32C",
            ChecksumAlgorithm.Crc64Nvme => "CRC64NVME",
            ChecksumAlgorithm.Sha1 => "SHA1",
            ChecksumAlgorithm.Sha256 => "SHA256",
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null),
        };

        /// <summary>Header and trailer name, for instance <c>x-amz-checksum-crc32</c>.</summary>
        public string Header => algorithm switch
        {
            ChecksumAlgorithm.Crc32 => "x-amz-checksum-crc32",
            ChecksumAlgorithm.Crc32C => "x-amz-checksum-crc32c",
            ChecksumAlgorithm.Crc64Nvme => "x-amz-checksum-crc64nvme",
            ChecksumAlgorithm.Sha1 => "x-amz-checksum-sha1",
            ChecksumAlgorithm.Sha256 => "x-amz-checksum-sha256",
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null),
        };

        /// <summary>XML element, for instance <c>ChecksumCRC32</c>.</summary>
        public string Element => "Checksum" + algorithm.Name;

        /// <summary>Size of a value in bytes.</summary>
        public int SizeBytes => algorithm switch
        {
            ChecksumAlgorithm.Crc32 or ChecksumAlgorithm.Crc32C => 4,
            ChecksumAlgorithm.Crc64Nvme => 8,
            ChecksumAlgorithm.Sha1 => 20,
            ChecksumAlgorithm.Sha256 => 32,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null),
        };

        /// <summary>The polynomial of a CRC, or null: only those can be joined from checksums of parts.</summary>
        public ReflectedCrc? Crc => algorithm switch
        {
            ChecksumAlgorithm.Crc32 => ReflectedCrc.Crc32,
            ChecksumAlgorithm.Crc32C => ReflectedCrc.Crc32C,
            ChecksumAlgorithm.Crc64Nvme => ReflectedCrc.Crc64Nvme,
            _ => null,
        };
    }

    /// <summary>Finds an algorithm by its name in any case.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out ChecksumAlgorithm? algorithm)
    {
        algorithm = null;
        foreach (var candidate in All)
        {
            if (name.Equals(candidate.Name, StringComparison.OrdinalIgnoreCase))
                algorithm = candidate;
        }

        return algorithm is not null;
    }

    /// <summary>Finds an algorithm by its header or trailer name in any case.</summary>
    public static bool TryParseHeader(string header, [NotNullWhen(true)] out ChecksumAlgorithm? algorithm)
    {
        algorithm = null;
        return header.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase) && TryParse(header[HeaderPrefix.Length..], out algorithm);
    }
}
