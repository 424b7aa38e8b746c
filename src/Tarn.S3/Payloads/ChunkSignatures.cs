using System.Security.Cryptography;
using Tarn.S3.Authentication;

namespace Tarn.S3.Payloads;

/// <summary>
/// The chain of chunk signatures ("Signature calculations for the authorization header: transferring payload in multiple chunks"): each one covers the
/// one before it, the first covers the request's own.
/// </summary>
internal sealed class ChunkSignatures(byte[] signingKey, string timestamp, CredentialScope scope, string seedSignature) : IDisposable
{
    private readonly IncrementalHash _chunk = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string _previous = seedSignature;

    /// <summary>Takes data of the present chunk in.</summary>
    public void Append(ReadOnlySpan<byte> data) => _chunk.AppendData(data);

    /// <summary>Ends the present chunk; true when the signature that its head gave is the right one.</summary>
    public bool EndChunk(string signature) => IsNext(signature, Convert.ToHexStringLower(_chunk.GetHashAndReset()));

    /// <summary>Goes on to the next chunk, given the hexadecimal SHA-256 of its data; true when the signature is the right one.</summary>
    public bool IsNext(string signature, string hash)
    {
        string expected = SignatureV4.Sign(signingKey, $"AWS4-HMAC-SHA256-PAYLOAD\n{timestamp}\n{scope.Text}\n{_previous}\n{SignatureV4.EmptyHash}\n{hash}");
        _previous = expected;
        return SignatureV4.AreEqual(expected, signature);
    }

    /// <summary>True when the signature of the trailer (its lines, each ended by a line feed) is the right one.</summary>
    public bool IsTrailer(ReadOnlySpan<byte> lines, string signature)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(lines));
        return SignatureV4.AreEqual(SignatureV4.Sign(signingKey, $"AWS4-HMAC-SHA256-TRAILER\n{timestamp}\n{scope.Text}\n{_previous}\n{hash}"), signature);
    }

    /// <inheritdoc/>
    public void Dispose() => _chunk.Dispose();
}
