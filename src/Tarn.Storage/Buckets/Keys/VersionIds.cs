using System.Globalization;

namespace Tarn.Storage.Buckets.Keys;

/// <summary>
/// A version id is 16 hexadecimal digits of the sequence number, by which the version is found, and 16 of a random number, so that ids cannot be guessed.
/// </summary>
internal static class VersionIds
{
    public const int LengthChars = 32;

    public static string Format(ulong sequence, ulong token) => string.Create(CultureInfo.InvariantCulture, $"{sequence:x16}{token:x16}");

    /// <summary>False for texts that are not ids of this store; such versions do not exist.</summary>
    public static bool TryParse(string versionId, out ulong sequence, out ulong token)
    {
        sequence = token = 0;
        return versionId.Length == LengthChars
            && ulong.TryParse(versionId.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out sequence)
            && ulong.TryParse(versionId.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out token)
            && Format(sequence, token) == versionId;
    }
}
