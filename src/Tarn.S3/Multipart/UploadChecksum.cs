using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Multipart;

/// <summary>The checksum that a client chose for an upload: <c>x-amz-checksum-algorithm</c> and <c>x-amz-checksum-type</c>.</summary>
internal static class UploadChecksum
{
    private const string AlgorithmHeader = "x-amz-checksum-algorithm", TypeHeader = "x-amz-checksum-type", Composite = "COMPOSITE", FullObject = "FULL_OBJECT";

    /// <summary>Name of a checksum's type.</summary>
    public static string TypeName(bool isComposite) => isComposite ? Composite : FullObject;

    /// <summary>Reads the choice of CreateMultipartUpload; null for none.</summary>
    /// <exception cref="S3Exception">InvalidRequest: an unknown algorithm or type, or a type that the algorithm cannot have.</exception>
    public static (ChecksumAlgorithm? Algorithm, bool IsComposite) Read(S3Request request)
    {
        string? type = request.Header(TypeHeader);
        if (request.Header(AlgorithmHeader) is not { Length: > 0 } name)
        {
            return type is null ? (null, false)
                : throw new S3Exception(S3Error.InvalidRequest, $"The {TypeHeader} header can only be used with the {AlgorithmHeader} header.");
        }

        if (!ChecksumAlgorithms.TryParse(name, out var algorithm))
            throw new S3Exception(S3Error.InvalidRequest, "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
        bool isComposite = type?.ToUpperInvariant() switch
        {
            null or "" => algorithm != ChecksumAlgorithm.Crc64Nvme,
            Composite => true,
            FullObject => false,
            _ => throw new S3Exception(S3Error.InvalidRequest, $"Value for {TypeHeader} header is invalid."),
        };
        bool isPossible = isComposite ? algorithm != ChecksumAlgorithm.Crc64Nvme : algorithm.Value.Crc is not null;
        return isPossible ? (algorithm, isComposite)
            : throw new S3Exception(S3Error.InvalidRequest, $"The {TypeName(isComposite)} checksum type cannot be used with the {algorithm.Value.Name.ToLowerInvariant()} checksum algorithm.");
    }

    /// <summary>Writes the elements of an upload.</summary>
    public static void Write(XmlAnswer xml, UploadRecord upload)
    {
        if (upload.ChecksumAlgorithm is { } algorithm)
            xml.Element("ChecksumAlgorithm", algorithm.Name).Element("ChecksumType", TypeName(upload.IsChecksumComposite));
    }
}
