using System.Globalization;

namespace Tarn.Storage.Buckets.Files;

/// <summary>Where the files of a data folder's buckets lie. Paths inside it are relative and have slashes, in the log as well as here.</summary>
/// <param name="dataFolder">Absolute path of the data folder.</param>
internal sealed class BucketFolders(string dataFolder)
{
    /// <summary>Name of the folder for everything about objects that is not a plain file.</summary>
    public const string ObjectsName = ".objects";

    public string DataFolder => dataFolder;

    public string Index => Path.Join(dataFolder, ObjectsName, "index");

    public string Lock => Path.Join(dataFolder, ObjectsName, "lock");

    public string Staging => Path.Join(dataFolder, ObjectsName, "staging");

    public static string StagedFile(ulong fileId) => $"{ObjectsName}/staging/{Name(fileId)}";

    /// <summary>The plain file of a key.</summary>
    public static string Plain(string bucket, string key) => $"{bucket}/{key}";

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
