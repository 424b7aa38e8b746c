using System.Security.Cryptography;
using System.Text;

namespace Tarn.S3.Authentication;

/// <summary>The arithmetic of Signature Version 4: keys, strings to sign, signatures.</summary>
internal static class SignatureV4
{
    /// <summary>SHA-256 of no bytes, in hexadecimal.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>The key that signs everything of one day, region and service.</summary>
    public static byte[] SigningKey(string secret, CredentialScope scope)
    {
        byte[] key = Hmac(Encoding.UTF8.GetBytes("AWS4" + secret), scope.Date);
        key = Hmac(key, scope.Region);
        key = Hmac(key, scope.Service);
        return Hmac(key, "aws4_request");
    }

    /// <summary>The string to sign of a request.</summary>
    public static string StringToSign(string timestamp, CredentialScope scope, string canonicalRequest)
        => $"{SignatureV4Claim.Algorithm}\n{timestamp}\n{scope.Text}\n{HashHex(canonicalRequest)}";

    /// <summary>Signature of a text as 64 lower-case hexadecimal digits.</summary>
    public static string Sign(ReadOnlySpan<byte> key, string text) => Convert.ToHexStringLower(Hmac(key, text));

    /// <summary>Compares two signatures in a time that does not depend on where they differ.</summary>
    public static bool AreEqual(string expected, string given)
        => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));

    private static string HashHex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static byte[] Hmac(ReadOnlySpan<byte> key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
