using System.Text;

namespace Tarn.Storage.Buckets.Keys;

/// <summary>Keys as their bytes, which are what they are ordered by.</summary>
internal static class ObjectKeys
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of a key that an object may have.</summary>
    /// <exception cref="BucketStoreException">KeyTooLong, InvalidKey.</exception>
    public static byte[] Require(string key)
    {
        if (key.Length == 0)
            throw new BucketStoreException(BucketFault.InvalidKey, "An object key has at least one character, and this one has none.");
        byte[] bytes = Encode(key);
        return bytes.Length <= BucketLimits.KeyBytes
            ? bytes
            : throw new BucketStoreException(BucketFault.KeyTooLong, $"The object key '{key.AsSpan(0, 40)}…' is {bytes.Length} bytes long, and a key has at most {BucketLimits.KeyBytes}.");
    }

    /// <summary>The bytes of a prefix, marker or delimiter, of any length.</summary>
    /// <exception cref="BucketStoreException">InvalidKey.</exception>
    public static byte[] Encode(string text)
    {
        try
        {
            return s_strict.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new BucketStoreException(BucketFault.InvalidKey, "The text of an object key is not valid Unicode: it holds half of a surrogate pair.", error);
        }
    }

    public static string Decode(ReadOnlySpan<byte> key) => Encoding.UTF8.GetString(key);
}
