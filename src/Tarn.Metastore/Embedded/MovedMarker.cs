using System.Text;
using Tarn.Core.Files;

namespace Tarn.Metastore.Embedded;

/// <summary>
/// The file <c>moved</c> beside a log: the catalog lives elsewhere since, and nobody goes on with the copy that stays. Its text says where, for people.
/// </summary>
internal static class MovedMarker
{
    public const string FileName = "moved";

    private const int LimitBytes = 4096;

    /// <summary>Where the catalog went; null when it is here.</summary>
    public static string? Read(IFileSystem files, string folder)
    {
        string path = Path.Join(folder, FileName);
        if (files.Stat(path) is null)
            return null;
        using var file = files.OpenRead(path);
        var text = new byte[LimitBytes];
        return Encoding.UTF8.GetString(text.AsSpan(0, file.Read(text, 0)));
    }

    /// <summary>Says so, durably.</summary>
    public static void Write(IFileSystem files, string folder, string to)
    {
        string path = Path.Join(folder, FileName), temporary = path + ".new";
        using (var file = files.OpenWrite(temporary))
        {
            file.Truncate(0);
            file.Write(Encoding.UTF8.GetBytes(to), 0);
            file.Sync();
        }

        files.Rename(temporary, path, replace: true);
        files.SyncFolder(folder);
    }

    /// <summary>Takes it back, durably.</summary>
    public static void Remove(IFileSystem files, string folder)
    {
        files.DeleteFile(Path.Join(folder, FileName));
        files.SyncFolder(folder);
    }
}
