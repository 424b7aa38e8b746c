using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tarn.Access.Identities;

namespace Tarn.Access.Secrets;

/// <summary>
/// What is kept of a password: the SCRAM-SHA-256 verifier of RFC 5803, <c>SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY</c>, which serves
/// protocols that send the password and those that prove it (RFC 5802, RFC 7677) alike.
/// </summary>
/// <param name="Iterations">Rounds of PBKDF2.</param>
/// <param name="Salt">16 bytes or more.</param>
/// <param name="StoredKey">H(ClientKey), 32 bytes.</param>
/// <param name="ServerKey">32 bytes.</param>
public sealed record PasswordVerifier(int Iterations, byte[] Salt, byte[] StoredKey, byte[] ServerKey)
{
    /// <summary>Shortest password that somebody may choose.</summary>
    public const int MinChars = 8;

    /// <summary>Longest password, so that hashing one costs a known time.</summary>
    public const int MaxChars = 256;

    // Every login pays for it, on both sides in SCRAM: some milliseconds.
    private const int DefaultIterations = 16_384;

    private const int SaltBytes = 16;
    private const string Scheme = "SCRAM-SHA-256";

    /// <summary>A verifier of a password, with fresh salt.</summary>
    public static PasswordVerifier Create(string password, IRandomSource random)
    {
        var salt = new byte[SaltBytes];
        random.Fill(salt);
        return Derive(password, salt, DefaultIterations);
    }

    /// <summary>Whether it is the password; takes the same time for every answer.</summary>
    public bool IsMatch(string password) =>
        password.Length <= MaxChars && CryptographicOperations.FixedTimeEquals(Derive(password, Salt, Iterations).StoredKey, StoredKey);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static PasswordVerifier Parse(string text)
    {
        if (text.Split('$', ':') is [Scheme, var iterations, var salt, var stored, var server])
            return new PasswordVerifier(int.Parse(iterations, CultureInfo.InvariantCulture), Convert.FromBase64String(salt), Convert.FromBase64String(stored), Convert.FromBase64String(server));
        throw new FormatException("A password verifier is not of the form SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY.");
    }

    /// <summary>The text form. It is a secret all the same: passwords can be guessed from it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Scheme}${Iterations}:{Convert.ToBase64String(Salt)}${Convert.ToBase64String(StoredKey)}:{Convert.ToBase64String(ServerKey)}");

    private static PasswordVerifier Derive(string password, byte[] salt, int iterations)
    {
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        byte[] clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        return new PasswordVerifier(iterations, salt, SHA256.HashData(clientKey), HMACSHA256.HashData(salted, "Server Key"u8));
    }
}
