using System.Buffers.Binary;
using System.Security.Cryptography;
using Tarn.Core.Checksums;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Checksums;

/// <summary>A checksum that is computed while content streams by; not for several threads at once.</summary>
internal abstract class RunningChecksum : IDisposable
{
    /// <summary>Takes the next bytes in.</summary>
    public abstract void Append(ReadOnlySpan<byte> content);

    /// <summary>The value of everything taken in, big-endian, as it is encoded in base64. Called once.</summary>
    public abstract byte[] Finish();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Starts the checksum of an algorithm.</summary>
    public static RunningChecksum Create(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 => new Crc(ReflectedCrc.Crc32),
        ChecksumAlgorithm.Crc32C => new Castagnoli(),
        ChecksumAlgorithm.Crc64Nvme => new Crc(ReflectedCrc.Crc64Nvme),
        ChecksumAlgorithm.Sha1 => new Digest(HashAlgorithmName.SHA1),
        ChecksumAlgorithm.Sha256 => new Digest(HashAlgorithmName.SHA256),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null),
    };

    /// <summary>Starts an MD5, which entity tags and <c>Content-MD5</c> are made of.</summary>
    public static RunningChecksum Md5() => new Digest(HashAlgorithmName.MD5);

    private sealed class Crc(ReflectedCrc crc) : RunningChecksum
    {
        private ulong _value;

        public override void Append(ReadOnlySpan<byte> content) => _value = crc.Append(_value, content);

        public override byte[] Finish()
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, _value);
            return bytes[^crc.SizeBytes..].ToArray();
        }
    }

    private sealed class Castagnoli : RunningChecksum
    {
        private uint _value;

        public override void Append(ReadOnlySpan<byte> content) => _value = Crc32C.Append(_value, content);

        public override byte[] Finish()
        {
            byte[] bytes = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, _value);
            return bytes;
        }
    }

    private sealed class Digest(HashAlgorithmName name) : RunningChecksum
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

        public override void Append(ReadOnlySpan<byte> content) => _hash.AppendData(content);

        public override byte[] Finish() => _hash.GetHashAndReset();

        public override void Dispose() => _hash.Dispose();
    }
}
