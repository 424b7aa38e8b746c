using System.Security.Cryptography;
using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Local;

/// <summary>Unfinished files that must stand beside their target, because the staging area is on another volume. Listings hide them.</summary>
internal static class BesideFile
{
    private const string Prefix = EscapedNames.Reserved, Extension = ".tmp";

    public static string NextPath(string folder) => Path.Join(folder, Prefix + RandomNumberGenerator.GetHexString(24, lowercase: true) + Extension);

    public static bool IsName(string fileName) =>
        fileName.StartsWith(Prefix, StringComparison.Ordinal) && fileName.EndsWith(Extension, StringComparison.Ordinal) && !EscapedNames.TryRead(fileName, out _, out _);
}
