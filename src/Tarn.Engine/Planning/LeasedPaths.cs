using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Planning;

/// <summary>Which local files a session may read.</summary>
internal static class LeasedPaths
{
    /// <summary>Refuses a file outside of the folders of the lake to an untrusted session.</summary>
    /// <param name="options">Knows the folders.</param>
    /// <param name="trust">Trust in the session.</param>
    /// <param name="path">The file.</param>
    /// <param name="table">Whose it is, for the message.</param>
    /// <exception cref="TarnException">PermissionDenied.</exception>
    public static void Require(EngineOptions options, SessionTrust trust, string path, TableIdentifier table)
    {
        if (trust == SessionTrust.Untrusted && !options.DataDirectories.Any(d => path.StartsWith(Path.TrimEndingDirectorySeparator(d) + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            throw new TarnException(ErrorKind.PermissionDenied, $"Data file '{path}' of table '{table}' lies outside of the folders that this session may read. Ask the operator of the lake to add its folder.");
    }
}
