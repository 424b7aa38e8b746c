using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Tarn.Storage.Cache;

/// <summary>An object of a remote store, as the cache knows it.</summary>
/// <param name="Location">Where it lies.</param>
/// <param name="ETag">Which content it has; another content has another one.</param>
/// <param name="SizeBytes">Its length.</param>
public sealed record CachedObject(string Location, string ETag, long SizeBytes)
{
    private const int NameHashBytes = 16;
    private const int ExtensionLimit = 16;
    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>File name of the cached bytes: a hash of the location, a dash, a hash of the ETag, and the extension by which engines know formats.</summary>
    internal string FileName => $"{Hash(Location)}-{Hash(ETag)}{Extension}";

    private string Extension => Path.GetExtension(Location) is { Length: > 1 and <= ExtensionLimit } extension && extension.AsSpan(1).IndexOfAnyExcept(PlainCharacters) < 0
        ? extension
        : ".object";

    /// <summary>The part of <see cref="FileName"/> before the dash.</summary>
    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, NameHashBytes));
}
