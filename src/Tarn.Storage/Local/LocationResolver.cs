using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Local;

/// <summary>
/// Finds the local path of a location: mapped first, then <c>s3://bucket/key</c> lies at the key's <see cref="KeyPaths">path</see> in the folder <c>bucket</c> of the data folder, and
/// <c>file:</c> locations and absolute paths are the local disk. Text is never URL-decoded.
/// </summary>
/// <param name="dataFolder">Absolute path of the data folder; null when there is none, which leaves only mapped and local locations.</param>
/// <param name="map">Prefixes that lie elsewhere.</param>
/// <param name="baseFolder">Where relative paths start; null refuses those that no mapping produced.</param>
/// <param name="hasBuckets">False where buckets are those of a service elsewhere, whatever folders the data folder has.</param>
internal sealed class LocationResolver(string? dataFolder, LocationMap map, string? baseFolder, bool hasBuckets = true)
{
    private const string BucketScheme = "s3://";

    /// <exception cref="TarnException">InvalidRequest for a location that has no place on this machine.</exception>
    public LocalPlace Resolve(string location)
    {
        string normalized = LocationMap.NormalizeScheme(location);
        string mapped = map.Map(normalized);
        bool isMapped = !string.Equals(mapped, normalized, StringComparison.Ordinal);
        if (mapped.StartsWith(BucketScheme, StringComparison.Ordinal))
            return ResolveBucket(location, mapped);
        if (location.Contains('\0', StringComparison.Ordinal))
            throw TarnException.Invalid($"Location '{location.Replace('\0', '?')}' contains a NUL character, which no file name can hold.");
        if (isMapped && EscapesPrefix(normalized))
            throw TarnException.Invalid($"Location '{location}' has a '..' segment, which would leave the folder that its prefix is mapped to.");
        return new LocalPlace(ResolveFile(location, mapped, isMapped), null);
    }

    private LocalPlace ResolveBucket(string location, string mapped)
    {
        if (dataFolder is null)
            throw TarnException.Invalid($"Location '{location}' lies in a bucket, and there is no data folder; give one with --data, or map the prefix with --map {BucketScheme}BUCKET/=DIR/.");
        if (!hasBuckets)
            throw TarnException.Invalid($"Location '{location}' lies in a bucket of the service that the catalog elsewhere uses, and this one is not named: set storage.s3 (bucket, endpoint, credentials), or map the prefix to the folder where its files lie with --map {BucketScheme}BUCKET/=DIR/ or storage.map.");
        var rest = mapped.AsSpan(BucketScheme.Length);
        int slash = rest.IndexOf('/');
        var bucket = slash < 0 ? rest : rest[..slash];
        RequireBucketName(location, bucket);
        string root = Path.Join(dataFolder, bucket);
        string key = slash < 0 ? "" : rest[(slash + 1)..].ToString();
        return key.Length == 0 ? new LocalPlace(root, root) { Key = key } : Place(location, root, key);
    }

    private static LocalPlace Place(string location, string root, string key)
    {
        bool isFolder = key.EndsWith('/');
        string path = KeyPaths.Write(isFolder ? key[..^1] : key)
            ?? throw TarnException.Invalid($"Location '{location}' has a key for which the path of a file would be too long; use shorter names.");
        return new LocalPlace(Path.Join(root, ToNative(isFolder ? path + "/" : path)), root)
        {
            Key = key,
            Unescaped = !isFolder && !ReferenceEquals(path, key) && KeyPaths.Unescaped(key) is { } unescaped ? Path.Join(root, unescaped) : null,
        };
    }

    private string ResolveFile(string location, string mapped, bool isMapped)
    {
        string path = StripFileScheme(mapped);
        if (path.Length == 0)
            throw TarnException.Invalid($"Location '{location}' names no file.");
        int colon = path.IndexOf("://", StringComparison.Ordinal);
        if (colon > 0 && !path.AsSpan(0, colon).Contains('/'))
            throw TarnException.Unsupported($"Location '{location}' has the scheme '{path[..colon]}', which this store cannot reach; copy the files and map the prefix with --map {path[..colon]}://…=DIR/.");
        if (Path.IsPathFullyQualified(path))
            return Path.GetFullPath(path);
        string? start = baseFolder ?? (isMapped ? Environment.CurrentDirectory : null);
        return start is not null
            ? Path.GetFullPath(path, start)
            : throw TarnException.Invalid($"Location '{location}' is a relative path, and nothing says where it starts; map it with --map PREFIX=DIR/.");
    }

    // file:///p, file:/p and file://localhost/p are /p; file:///C:/p and file://C:/p are C:/p; what else follows file:// is a relative path.
    private static string StripFileScheme(string location)
    {
        if (!location.StartsWith("file:", StringComparison.Ordinal))
            return location;
        string path = location["file:".Length..];
        if (path.StartsWith("//", StringComparison.Ordinal))
            path = path.StartsWith("//localhost/", StringComparison.Ordinal) ? path["//localhost".Length..] : path[2..];
        bool isDriveAfterSlash = path.Length >= 3 && path[0] == '/' && char.IsAsciiLetter(path[1]) && path[2] == ':';
        return OperatingSystem.IsWindows() && isDriveAfterSlash ? path[1..] : path;
    }

    // The mapping itself may climb (--map old/=../here/); the rest of a recorded location may not.
    private bool EscapesPrefix(string normalized)
    {
        int prefixLength = map.Prefixes.First(p => normalized.StartsWith(p.Key, StringComparison.Ordinal)).Key.Length;
        var rest = normalized.AsSpan(prefixLength);
        foreach (var segment in rest.Split('/'))
        {
            if (rest[segment] is "..")
                return true;
        }

        return false;
    }

    // Also keeps buckets apart from the dot-folders beside them.
    private static void RequireBucketName(string location, ReadOnlySpan<char> bucket)
    {
        if (BucketNames.BrokenForm(bucket) is not null)
            throw TarnException.Invalid($"Location '{location}' has the bucket '{bucket}'; a bucket is 3 to 63 lower-case letters, digits, dots and hyphens.");
    }

    public static string ToNative(string key) => OperatingSystem.IsWindows() ? key.Replace('/', Path.DirectorySeparatorChar) : key;
}

/// <summary>Where a location lies.</summary>
/// <param name="Path">Absolute local path; ends with a separator when the location ends with a slash.</param>
/// <param name="BucketFolder">Folder of the bucket; null outside of buckets.</param>
internal readonly record struct LocalPlace(string Path, string? BucketFolder)
{
    /// <summary>The key in the bucket, empty for all of it; null outside of buckets.</summary>
    public string? Key { get; init; }

    /// <summary>Where the file may lie instead; null when nowhere else.</summary>
    public string? Unescaped { get; init; }
}
