using System.Collections.Immutable;
using System.Globalization;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;
using StoredPart = Tarn.Storage.Buckets.UploadPart;

namespace Tarn.S3.Multipart;

/// <summary>
/// What a completion claims about the whole object: <c>x-amz-checksum-*</c>, <c>x-amz-checksum-type</c> and <c>x-amz-mp-object-size</c>. Here these headers
/// are not about the body of the request.
/// </summary>
internal sealed class CompletionClaims
{
    private readonly ObjectChecksum? _checksum;
    private readonly string? _type;
    private readonly long? _sizeBytes;

    private CompletionClaims(ObjectChecksum? checksum, string? type, long? sizeBytes) => (_checksum, _type, _sizeBytes) = (checksum, type, sizeBytes);

    /// <summary>Reads them.</summary>
    /// <exception cref="S3Exception">InvalidRequest: more than one checksum, or a size that is no number.</exception>
    public static CompletionClaims Read(S3Request request)
    {
        ObjectChecksum? checksum = null;
        foreach (var algorithm in ChecksumAlgorithms.All)
        {
            if (request.Header(algorithm.Header) is not { Length: > 0 } value)
                continue;
            checksum = checksum is null ? new(algorithm, value)
                : throw new S3Exception(S3Error.InvalidRequest, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }

        long? size = null;
        if (request.Header("x-amz-mp-object-size") is { Length: > 0 } text)
        {
            size = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
                : throw new S3Exception(S3Error.InvalidRequest, "Value for x-amz-mp-object-size header is invalid.");
        }

        return new(checksum, request.Header("x-amz-checksum-type")?.ToUpperInvariant(), size);
    }

    /// <summary>Computes the checksums of the object and compares them with what was claimed.</summary>
    /// <exception cref="S3Exception">BadDigest or InvalidRequest.</exception>
    public ImmutableArray<ObjectChecksum> Verify(UploadRecord upload, ImmutableArray<StoredPart> parts)
    {
        if (_sizeBytes is { } size && parts.Sum(p => p.SizeBytes) is var sum && sum != size)
            throw new S3Exception(S3Error.InvalidRequest, $"The provided 'x-amz-mp-object-size' header value {size} does not match what was computed: {sum}.");
        if (_type is { Length: > 0 } && upload.ChecksumAlgorithm is { } chosen && _type != UploadChecksum.TypeName(upload.IsChecksumComposite))
        {
            throw new S3Exception(S3Error.InvalidRequest,
                $"The upload was created using the {UploadChecksum.TypeName(upload.IsChecksumComposite)} checksum mode of {chosen.Name}. The complete request must use the same checksum mode.");
        }

        var computed = ObjectChecksums.Of(upload, parts);
        if (_checksum is null)
            return computed;
        var own = computed.FirstOrDefault(c => c.Algorithm == _checksum.Algorithm);
        // Who checksums the whole does not always add the number of parts.
        bool isRight = own is not null && (own.Value == _checksum.Value || (own.IsComposite && own.Value.StartsWith(_checksum.Value + "-", StringComparison.Ordinal)));
        return isRight ? computed
            : throw new S3Exception(S3Error.BadDigest, $"The {_checksum.Algorithm.Name.ToLowerInvariant()} you specified did not match the calculated checksum.");
    }
}
