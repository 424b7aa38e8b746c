using System.Globalization;
using Tarn.Access;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;

namespace Tarn.S3.Authentication;

/// <summary>A request whose head was proved, or that claims nobody.</summary>
/// <param name="Caller">Who sent it; null for anonymous.</param>
/// <param name="Mode">How its body is framed and protected.</param>
/// <param name="PayloadHash">Value of <c>x-amz-content-sha256</c>, or what stands for it.</param>
internal sealed record AuthenticatedRequest(Caller? Caller, PayloadMode Mode, string PayloadHash)
{
    /// <summary>What the chain of chunk signatures begins with; null when the head was not signed with Signature Version 4.</summary>
    public ChunkSeed? Seed { get; init; }

    /// <summary>The body, its framing taken off as it is read.</summary>
    /// <exception cref="S3Exception">The body's length is missing or malformed, or its chunks are signed and the head is not.</exception>
    public RequestPayload OpenPayload(S3Request request)
    {
        if (Mode.HasSignedChunks && Seed is null)
            throw new S3Exception(S3Error.InvalidRequest, "Signed chunks need a head signed with AWS4-HMAC-SHA256 in the Authorization header.");
        var signatures = Mode.HasSignedChunks ? new ChunkSignatures(Seed!.SigningKey, Seed.Timestamp, Seed.Scope, Seed.Signature) : null;
        long? size = Mode.IsChunked ? DecodedLength(request) : request.Http.Request.ContentLength;
        return new(request.Http.Request.BodyReader, Mode, size, Mode == PayloadMode.Sha256 ? PayloadHash : null, signatures);
    }

    private static long? DecodedLength(S3Request request)
    {
        if (request.Header("x-amz-decoded-content-length") is not { Length: > 0 } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? length
            : throw new S3Exception(S3Error.InvalidArgument, "x-amz-decoded-content-length is not a number.")
                .With("ArgumentName", "x-amz-decoded-content-length").With("ArgumentValue", text);
    }
}

/// <summary>What chunk signatures are made with.</summary>
/// <param name="SigningKey">Key of the scope.</param>
/// <param name="Timestamp">Time of the request.</param>
/// <param name="Scope">Scope of the request.</param>
/// <param name="Signature">Signature of the head.</param>
internal sealed record ChunkSeed(byte[] SigningKey, string Timestamp, CredentialScope Scope, string Signature);
