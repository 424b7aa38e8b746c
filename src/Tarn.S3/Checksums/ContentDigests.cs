using System.Collections.Immutable;
using System.Security.Cryptography;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Checksums;

/// <summary>
/// Everything that is computed over content while it is received: the MD5 of the entity tag, the SHA-256 that was signed, and the claimed checksum, or
/// CRC-64/NVME when none is claimed.
/// </summary>
internal sealed class ContentDigests : IDisposable
{
    private readonly RequestPayload _payload;
    private readonly ChecksumClaims _claims;
    private readonly RunningChecksum _md5 = RunningChecksum.Md5();
    private readonly RunningChecksum? _sha256;
    private readonly RunningChecksum? _checksum;
    private readonly ChecksumAlgorithm _algorithm;

    /// <summary>Starts the digests of a payload.</summary>
    /// <param name="payload">What will be received.</param>
    /// <param name="claims">What the request claims about it.</param>
    /// <param name="computes">The algorithm to compute when the request claims none.</param>
    public ContentDigests(RequestPayload payload, ChecksumClaims claims, ChecksumAlgorithm computes)
    {
        (_payload, _claims, _algorithm) = (payload, claims, claims.Algorithm ?? computes);
        _sha256 = payload.Sha256 is null ? null : RunningChecksum.Create(ChecksumAlgorithm.Sha256);
        // The signed hash serves as checksum too.
        _checksum = _algorithm == ChecksumAlgorithm.Sha256 && _sha256 is not null ? null : RunningChecksum.Create(_algorithm);
    }

    /// <summary>Takes content in.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        AppendToETag(content);
        AppendToChecksums(content);
    }

    /// <summary>Takes content into the entity tag alone, the slowest of all; <see cref="AppendToChecksums"/> may run at the same time.</summary>
    public void AppendToETag(ReadOnlySpan<byte> content) => _md5.Append(content);

    /// <summary>Takes content into everything but the entity tag.</summary>
    public void AppendToChecksums(ReadOnlySpan<byte> content)
    {
        _sha256?.Append(content);
        _checksum?.Append(content);
    }

    /// <summary>Compares everything with what the request claimed. Called once, after the payload's end.</summary>
    /// <exception cref="S3Exception">A digest differs, or the trailer lacks what was announced.</exception>
    public ReceivedContent Finish()
    {
        byte[] md5 = _md5.Finish();
        byte[]? sha256 = _sha256?.Finish();
        if (sha256 is not null && !CryptographicOperations.FixedTimeEquals(Convert.FromHexString(_payload.Sha256!), sha256))
        {
            throw new S3Exception(S3Error.XAmzContentSHA256Mismatch)
                .With("ClientComputedContentSHA256", _payload.Sha256!).With("S3ComputedContentSHA256", Convert.ToHexStringLower(sha256));
        }

        byte[] checksum = _checksum?.Finish() ?? sha256!;
        _claims.Verify(md5, checksum, _payload.Trailer);
        return new(Convert.ToHexStringLower(md5), [new(_algorithm, Convert.ToBase64String(checksum))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _md5.Dispose();
        _sha256?.Dispose();
        _checksum?.Dispose();
    }
}

/// <summary>What was received and verified.</summary>
/// <param name="ETag">Hexadecimal MD5, without quotes.</param>
/// <param name="Checksums">The one checksum that was verified or computed.</param>
internal sealed record ReceivedContent(string ETag, ImmutableArray<ObjectChecksum> Checksums);
