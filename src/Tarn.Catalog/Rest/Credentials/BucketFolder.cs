namespace Tarn.Catalog.Rest.Credentials;

/// <summary>A folder in a bucket.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">Beginning of the keys in the folder, with a slash at the end; never empty.</param>
internal sealed record BucketFolder(string Bucket, string Key)
{
    private const string Scheme = "s3://";

    /// <summary>As a location.</summary>
    public string Location => $"{Scheme}{Bucket}/{Key}";

    /// <summary>What clients compare the beginning of a file's location with, and of the folder's own.</summary>
    public string Prefix => Location.TrimEnd('/');

    /// <summary>Whether an object certainly lies in the folder. A key with the steps <c>.</c> and <c>..</c> is something else to whoever takes it for a path, so it lies nowhere.</summary>
    public bool Contains(string bucket, string key) => bucket == Bucket && key.StartsWith(Key, StringComparison.Ordinal) && !key.Split('/').Any(step => step is "." or "..");

    /// <summary>The folder at a location; null when it is in no bucket, or is a whole one.</summary>
    /// <param name="location">As <see cref="Iceberg.Catalogs.TableFolders"/> gives it.</param>
    public static BucketFolder? Of(string location)
    {
        int slash = location.StartsWith(Scheme, StringComparison.Ordinal) ? location.IndexOf('/', Scheme.Length) : -1;
        return slash > Scheme.Length && slash + 1 < location.Length ? new(location[Scheme.Length..slash], location[(slash + 1)..] + "/") : null;
    }
}
