using System.Globalization;
using System.Text;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets.Files;

/// <summary>Where the files of a data folder's buckets lie. Paths inside it are relative and have slashes, in the log as well as here.</summary>
/// <param name="files">The disk.</param>
/// <param name="dataFolder">Absolute path of the data folder.</param>
internal sealed class BucketFolders(IFileSystem files, string dataFolder)
{
    /// <summary>Name of the folder for everything about objects that is not a plain file.</summary>
    public const string ObjectsName = ".objects";

    public string DataFolder => dataFolder;

    public string Index => Path.Join(dataFolder, ObjectsName, "index");

    public string Lock => Path.Join(dataFolder, ObjectsName, "lock");

    public string Staging => Path.Join(dataFolder, ObjectsName, "staging");

    public static string StagedFile(ulong fileId) => $"{ObjectsName}/staging/{Name(fileId)}";

    /// <summary>The plain file of a key; null when its path would be too long.</summary>
    public string? Plain(string bucket, string key)
    {
        if (KeyPaths.Write(key) is not { } path)
            return null;
        bool isUnescaped = !ReferenceEquals(path, key) && KeyPaths.Unescaped(key) is { } unescaped && KeyPaths.IsUnescaped(files, Absolute(Below(bucket, path)), Absolute(Below(bucket, unescaped)));
        return Below(bucket, isUnescaped ? key : path);
    }

    /// <summary>The key of a file in a bucket's folder; false when it is no object.</summary>
    public bool TryReadKey(string bucket, string path, out string key) => KeyPaths.TryRead(path, out key) && Encoding.UTF8.GetByteCount(key) <= BucketLimits.KeyBytes && Plain(bucket, key) == Below(bucket, path);

    /// <summary>The file of a version that has one.</summary>
    public string PathOf(string bucket, StoredObject stored) => stored.Place == ObjectPlace.Plain
        ? Plain(bucket, stored.Record.Key) ?? throw new InvalidOperationException($"The key '{stored.Record.Key}' has no path, and a version of it has a plain file.")
        : Own(bucket, stored.FileId);

    /// <summary>A path below a bucket's folder.</summary>
    public static string Below(string bucket, string path) => $"{bucket}/{path}";

    /// <summary>The folder of all files that have numbers for names.</summary>
    public const string OwnRoot = $"{ObjectsName}/files";

    /// <summary>The folder of files that lost their entries.</summary>
    public const string Lost = $"{ObjectsName}/lost";

    /// <summary>The folder of a bucket's files that have numbers for names.</summary>
    public static string Own(string bucket) => $"{OwnRoot}/{bucket}";

    public static string Own(string bucket, ulong fileId) =>
        string.Create(CultureInfo.InvariantCulture, $"{Own(bucket)}/{(byte)fileId:x2}/{fileId:x16}");

    public string Absolute(string relative) =>
        Path.Join(dataFolder, OperatingSystem.IsWindows() ? relative.Replace('/', Path.DirectorySeparatorChar) : relative);

    public static string Parent(string relative) => relative[..relative.LastIndexOf('/')];

    private static string Name(ulong fileId) => fileId.ToString("x16", CultureInfo.InvariantCulture);
}
