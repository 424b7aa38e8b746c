using System.Security.Cryptography;

namespace Tarn.Access.Identities;

/// <summary>Where ids and secrets come from. One for the program; tests give a predictable one.</summary>
public interface IRandomSource
{
    /// <summary>Fills a buffer with unpredictable bytes.</summary>
    void Fill(Span<byte> buffer);
}

/// <summary>The random numbers of the operating system.</summary>
public sealed class SystemRandom : IRandomSource
{
    private SystemRandom()
    {
    }

    /// <summary>The only instance; it has no state.</summary>
    public static SystemRandom Instance { get; } = new();

    /// <inheritdoc/>
    public void Fill(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);
}

/// <summary>Draws ids and secrets.</summary>
internal static class IdentityDraw
{
    private const string KeyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    /// <summary>Beginning of lasting and of temporary access keys: told apart at a glance, and by <see cref="Sessions.AccessKeyFinder"/>.</summary>
    public const string LastingPrefix = "TARN", TemporaryPrefix = "TEMP";

    /// <summary>20 characters: a prefix of 4 and 80 random bits.</summary>
    public static string AccessKeyId(IRandomSource random, string prefix) => prefix + Text(random, KeyAlphabet, 16);

    /// <summary>40 characters, 240 random bits.</summary>
    public static string Secret(IRandomSource random) => Text(random, SecretAlphabet, 40);

    /// <summary>64 hexadecimal digits.</summary>
    public static string CanonicalId(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[32];
        random.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>12 digits, the first not zero.</summary>
    public static string AccountId(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        return (100_000_000_000 + (BitConverter.ToUInt64(bytes) % 900_000_000_000)).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    // Both alphabets have a power of two of characters, so that every one is as likely.
    private static string Text(IRandomSource random, string alphabet, int length)
    {
        Span<byte> bytes = stackalloc byte[length];
        random.Fill(bytes);
        var text = new char[length];
        for (int i = 0; i < length; i++)
            text[i] = alphabet[bytes[i] % alphabet.Length];
        return new string(text);
    }
}
