using System.Security.Cryptography;

namespace Tarn.Storage.Local;

/// <summary>Unfinished files that must stand beside their target, because the staging area is on another volume. Listings hide them.</summary>
internal static class BesideFile
{
    private const string Prefix = ".tarn-", Extension = ".tmp";

    public static string NextPath(string folder) => Path.Join(folder, Prefix + RandomNumberGenerator.GetHexString(24, lowercase: true) + Extension);

    public static bool IsName(string fileName) =>
        fileName.StartsWith(Prefix, StringComparison.Ordinal) && fileName.EndsWith(Extension, StringComparison.Ordinal);
}
