using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Files;

/// <summary>
/// Symbolic links in the folders of buckets, which the store itself never makes and never follows: neither may a client read or write what lies outside its
/// bucket, nor may folders contain themselves. The folder of the bucket may be a link, for it is the operator who decides where a bucket lies.
/// </summary>
internal sealed class FolderLinks(IFileSystem files, BucketFolders folders)
{
    /// <summary>Whether the folder of a file below a bucket's folder is reached through a link, or is not there.</summary>
    public bool IsBehindLink(string bucket, string path)
    {
        int slash = path.LastIndexOf('/');
        return slash >= 0 && IsReachedByLink(bucket, path[..slash]);
    }

    /// <summary>Whether a path below a bucket's folder is a link, leads through one, or nothing stands there.</summary>
    public bool IsReachedByLink(string bucket, string path) => OperatingSystem.IsLinux() ? IsAnyLink(bucket, path) : IsElsewhere(bucket, path);

    // Each step is looked at once, which costs a third of asking for the real path from the root on.
    private bool IsAnyLink(string bucket, string path)
    {
        for (int end = path.IndexOf('/'); end >= 0; end = path.IndexOf('/', end + 1))
        {
            if (IsLinkOrNothing(bucket, path[..end]))
                return true;
        }

        return IsLinkOrNothing(bucket, path);
    }

    private bool IsLinkOrNothing(string bucket, string path) => files.Stat(folders.Absolute(BucketFolders.Below(bucket, path))) is null or { IsLink: true };

    // Where names that differ in case are one, only the real path tells whose name it is.
    private bool IsElsewhere(string bucket, string path) =>
        files.RealPath(folders.Absolute(bucket)) is not { } root
        || files.RealPath(folders.Absolute(BucketFolders.Below(bucket, path))) is not { } real
        || real != Path.Join(root, OperatingSystem.IsWindows() ? path.Replace('/', Path.DirectorySeparatorChar) : path);
}
