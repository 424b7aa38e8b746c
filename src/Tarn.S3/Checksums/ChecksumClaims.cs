using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Checksums;

/// <summary>
/// What a request claims about its content: <c>Content-MD5</c>, one <c>x-amz-checksum-*</c> header, or the checksum that its trailer will bring
/// ("Checking object integrity for data uploads").
/// </summary>
internal sealed class ChecksumClaims
{
    private const int Md5SizeBytes = 16;

    private string? _value;

    private ChecksumClaims()
    {
    }

    /// <summary>The MD5 of <c>Content-MD5</c>, or null.</summary>
    public byte[]? Md5 { get; private init; }

    /// <summary>The algorithm of the header, the trailer or <c>x-amz-sdk-checksum-algorithm</c>; null when the request names none.</summary>
    public ChecksumAlgorithm? Algorithm { get; private init; }

    /// <summary>True when the trailer brings the value.</summary>
    public bool IsInTrailer { get; private init; }

    /// <summary>No claim at all; for requests without a body, whose checksum headers mean nothing.</summary>
    public static ChecksumClaims None { get; } = new();

    /// <summary>Reads the claims of a request with a body.</summary>
    /// <exception cref="S3Exception">InvalidDigest, InvalidRequest, BadDigest: a claim is malformed or they contradict each other.</exception>
    public static ChecksumClaims Read(IHeaderDictionary headers, PayloadMode mode)
    {
        ChecksumAlgorithm? algorithm = null;
        string? value = null;
        foreach (var candidate in ChecksumAlgorithms.All)
        {
            if (!headers.TryGetValue(candidate.Header, out var values))
                continue;
            if (algorithm is not null || values.Count > 1)
                throw new S3Exception(S3Error.InvalidRequest, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            (algorithm, value) = (candidate, values.ToString());
        }

        var trailer = Trailer(headers, mode);
        if (trailer is not null && algorithm is not null)
            throw new S3Exception(S3Error.InvalidRequest, "Expecting a single x-amz-checksum- header");
        if (value is not null && !IsValue(value, algorithm!.Value))
            throw new S3Exception(S3Error.BadDigest, $"Value for {algorithm.Value.Header} header is invalid.");
        var named = algorithm ?? trailer;
        CheckSdkAlgorithm(headers, named);
        return new() { Md5 = ContentMd5(headers), Algorithm = named, IsInTrailer = trailer is not null, _value = value };
    }

    /// <summary>Compares the claims with what was computed.</summary>
    /// <param name="md5">Computed MD5; null when <see cref="Md5"/> is.</param>
    /// <param name="checksum">Computed checksum; null when <see cref="Algorithm"/> is.</param>
    /// <param name="trailer">The trailer as it came.</param>
    /// <exception cref="S3Exception">BadDigest, XAmzContentChecksumMismatch or MalformedTrailerError.</exception>
    public void Verify(ReadOnlySpan<byte> md5, ReadOnlySpan<byte> checksum, IReadOnlyDictionary<string, string> trailer)
    {
        if (Md5 is not null && !CryptographicOperations.FixedTimeEquals(Md5, md5))
        {
            throw new S3Exception(S3Error.BadDigest, "The Content-MD5 you specified did not match what we received.")
                .With("ExpectedDigest", Convert.ToBase64String(Md5)).With("CalculatedDigest", Convert.ToBase64String(md5));
        }

        if (Algorithm is not { } algorithm)
            return;
        string? claimed = _value;
        if (IsInTrailer && !trailer.TryGetValue(algorithm.Header, out claimed))
            throw new S3Exception(S3Error.MalformedTrailerError, $"The trailer lacks '{algorithm.Header}', which x-amz-trailer names.");
        if (claimed is null)
            return;
        if (!IsValue(claimed, algorithm))
            throw new S3Exception(S3Error.InvalidRequest, $"Value for {algorithm.Header} trailing header is invalid.");
        // Clients that repeat an upload which was damaged on its way do so for BadDigest; the header's code is the recorded one.
        if (claimed != Convert.ToBase64String(checksum))
            throw new S3Exception(IsInTrailer ? S3Error.BadDigest : S3Error.XAmzContentChecksumMismatch, $"The {algorithm.Name} you specified did not match the calculated checksum.");
    }

    private static bool IsValue(string value, ChecksumAlgorithm algorithm)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Convert.TryFromBase64String(value, bytes, out int length) && length == algorithm.SizeBytes;
    }

    private static ChecksumAlgorithm? Trailer(IHeaderDictionary headers, PayloadMode mode)
    {
        if (!headers.TryGetValue("x-amz-trailer", out var named))
            return null;
        if (!mode.HasTrailer)
            throw new S3Exception(S3Error.InvalidRequest, "x-amz-trailer needs a payload mode with a trailer in x-amz-content-sha256.");
        return ChecksumAlgorithms.TryParseHeader(named.ToString().Trim(), out var algorithm)
            ? algorithm
            : throw new S3Exception(S3Error.InvalidRequest, "The value specified in the x-amz-trailer header is not supported");
    }

    private static void CheckSdkAlgorithm(IHeaderDictionary headers, ChecksumAlgorithm? named)
    {
        if (!headers.TryGetValue("x-amz-sdk-checksum-algorithm", out var text) || text.ToString().Length == 0)
            return;
        if (!ChecksumAlgorithms.TryParse(text.ToString(), out var announced))
            throw new S3Exception(S3Error.InvalidRequest, "Value for x-amz-sdk-checksum-algorithm header is invalid.");
        if (named is null && !headers.ContainsKey("Content-MD5"))
            throw new S3Exception(S3Error.InvalidRequest, "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.");
        if (named is not null && named != announced)
            throw new S3Exception(S3Error.InvalidRequest, "Value for x-amz-sdk-checksum-algorithm header is invalid.");
    }

    private static byte[]? ContentMd5(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue("Content-MD5", out var text))
            return null;
        byte[] bytes = new byte[Md5SizeBytes];
        return Convert.TryFromBase64String(text.ToString(), bytes, out int length) && length == Md5SizeBytes
            ? bytes
            : throw new S3Exception(S3Error.InvalidDigest, "The Content-MD5 you specified is not valid.");
    }
}
