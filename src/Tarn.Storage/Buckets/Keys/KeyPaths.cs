using System.Text;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Keys;

/// <summary>
/// Which path below its bucket's folder a key has, for the server's object store and for the one of the SQL engine alike: the key itself where it is plain, and
/// otherwise the key with its other segments <see cref="EscapedNames">escaped</see>, so that a data folder means the same on every operating system.
/// </summary>
internal static class KeyPaths
{
    // Leaves room for the data folder's own path below PATH_MAX (4,096).
    private const int PathBytes = 3000;

    /// <summary>The path of a key; null when it would be too long.</summary>
    public static string? Write(string key)
    {
        if (PlainKeys.IsPlain(key))
            return key;
        string path = string.Join('/', key.Split('/').Select(s => PlainKeys.IsPlainSegment(s) ? s : EscapedNames.Write(s)));
        return Encoding.UTF8.GetByteCount(path) <= PathBytes ? path : null;
    }

    /// <summary>The key of a path, which may also be a <see cref="Unescaped"/> one; false for paths that no key has.</summary>
    public static bool TryRead(string path, out string key)
    {
        key = path;
        if (PlainKeys.IsPlain(path))
            return true;
        var segments = new List<string>();
        string begun = "";
        foreach (string name in path.Split('/'))
        {
            bool isEscaped = EscapedNames.TryRead(name, out string text, out bool isBeginning);
            if (!isEscaped && begun.Length > 0)
                return false;
            begun += text;
            if (isBeginning)
                continue;
            segments.Add(begun);
            begun = "";
        }

        key = string.Join('/', segments);
        return begun.Length == 0;
    }

    /// <summary>
    /// The key itself as a path where it is not its path but could be on this machine: whoever puts files into the folder by hand uses it, and the SQL engine once did.
    /// Null when no file can have it.
    /// </summary>
    public static string? Unescaped(string key)
    {
        if (OperatingSystem.IsWindows() || key.Contains('\0', StringComparison.Ordinal) || PlainKeys.IsPlain(key))
            return null;
        return key.Split('/').All(s => IsName(s)) ? key : null;
    }

    private static bool IsName(string segment) =>
        segment is not ("" or "." or "..") && !segment.StartsWith(EscapedNames.Reserved, StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(segment) <= PlainKeys.SegmentBytes;

    /// <summary>Whether of the path of a key and its unescaped one, both absolute, only the other has a file.</summary>
    public static bool IsUnescaped(IFileSystem files, string path, string unescaped) => !IsFile(files, path) && IsFile(files, unescaped);

    private static bool IsFile(IFileSystem files, string path) => files.Stat(path) is { IsFolder: false };
}
