using Tarn.S3.Errors;

namespace Tarn.S3.Payloads;

/// <summary>How the body of a request is framed and protected: the values of <c>x-amz-content-sha256</c>.</summary>
internal enum PayloadMode
{
    /// <summary>The body as it is, unsigned.</summary>
    Unsigned,

    /// <summary>The body as it is; its SHA-256 is signed.</summary>
    Sha256,

    /// <summary>aws-chunked; every chunk is signed.</summary>
    SignedChunks,

    /// <summary>aws-chunked; every chunk and the trailer are signed.</summary>
    SignedChunksTrailer,

    /// <summary>aws-chunked without signatures, with a trailer.</summary>
    UnsignedChunksTrailer,
}

/// <summary>Reads the header's value.</summary>
internal static class PayloadModes
{
    /// <summary>What stands for a hash when the payload is not signed.</summary>
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>Reads a value of <c>x-amz-content-sha256</c>.</summary>
    /// <exception cref="S3Exception">InvalidArgument for an unknown value, NotImplemented for the modes of Signature Version 4A.</exception>
    public static PayloadMode Parse(string value) => value switch
    {
        UnsignedPayload => PayloadMode.Unsigned,
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => PayloadMode.SignedChunks,
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => PayloadMode.SignedChunksTrailer,
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => PayloadMode.UnsignedChunksTrailer,
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD" or "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"
            => throw new S3Exception(S3Error.NotImplemented, "Signature Version 4A is not supported; sign with AWS4-HMAC-SHA256."),
        { Length: 64 } when value.All(char.IsAsciiHexDigit) => PayloadMode.Sha256,
        _ => throw new S3Exception(S3Error.InvalidArgument, "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.")
            .With("ArgumentName", "x-amz-content-sha256").With("ArgumentValue", value),
    };

    extension(PayloadMode mode)
    {
        /// <summary>True when the body is framed as aws-chunked.</summary>
        public bool IsChunked => mode is PayloadMode.SignedChunks or PayloadMode.SignedChunksTrailer or PayloadMode.UnsignedChunksTrailer;

        /// <summary>True when every chunk carries a signature.</summary>
        public bool HasSignedChunks => mode is PayloadMode.SignedChunks or PayloadMode.SignedChunksTrailer;

        /// <summary>True when a trailer follows the last chunk.</summary>
        public bool HasTrailer => mode is PayloadMode.SignedChunksTrailer or PayloadMode.UnsignedChunksTrailer;
    }
}
