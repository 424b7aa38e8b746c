using System.Buffers;
using Tarn.Core.Errors;

namespace Tarn.Access.Identities;

/// <summary>Which names identities and policies may have, and what keys look like ("IAM and AWS STS quotas" of the IAM user guide).</summary>
public static class IdentityNames
{
    /// <summary>Most characters of the name of a user, role or session.</summary>
    public const int MaxNameChars = 64;

    /// <summary>Most characters of the name of a group or policy.</summary>
    public const int MaxGroupChars = 128;

    /// <summary>Fewest and most characters of both halves of a key that somebody chooses.</summary>
    public const int MinKeyChars = 3, MaxKeyChars = 128;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-");

    /// <exception cref="TarnException">InvalidRequest unless it is 1 to <paramref name="maxChars"/> letters, digits and <c>_+=,.@-</c>.</exception>
    public static void Require(string name, string what, int maxChars = MaxNameChars)
    {
        if (name.Length is 0 || name.Length > maxChars || name.AsSpan().ContainsAnyExcept(NameCharacters))
            throw TarnException.Invalid($"{what} '{name}' is not a name here: 1 to {maxChars} letters, digits and _+=,.@- are allowed.");
    }

    /// <exception cref="TarnException">InvalidRequest unless it can stand in a signed request.</exception>
    public static void RequireAccessKeyId(string id)
    {
        // The credential scope of a signature is cut at slashes, its header at commas, equal signs and blanks.
        if (id.Length is < MinKeyChars or > MaxKeyChars || id.AsSpan().ContainsAnyExceptInRange('!', '~') || id.AsSpan().ContainsAny('/', ',', '='))
            throw TarnException.Invalid($"Access key '{id}' is not usable: {MinKeyChars} to {MaxKeyChars} printable ASCII characters without blank, '/', ',' and '=' are allowed.");
    }

    /// <exception cref="TarnException">InvalidRequest, without the value, unless it has a usable length and only printable ASCII characters.</exception>
    public static void RequireSecret(string secret)
    {
        if (secret.Length is < MinKeyChars or > MaxKeyChars || secret.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw TarnException.Invalid($"The secret key is not usable: it has {secret.Length} characters, and {MinKeyChars} to {MaxKeyChars} printable ASCII characters are allowed.");
    }

    /// <exception cref="TarnException">InvalidRequest unless it is 12 digits.</exception>
    public static void RequireAccount(string account)
    {
        if (account.Length != 12 || !account.All(char.IsAsciiDigit))
            throw TarnException.Invalid($"Account '{account}' is not 12 digits.");
    }
}
