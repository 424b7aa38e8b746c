using System.Text;
using Tarn.Core.Files;

namespace Tarn.Metastore.Embedded;

/// <summary>
/// The file <c>moved</c> beside a log: the catalog lives elsewhere since, and nobody goes on with the copy that stays. Its text says where, for people.
/// </summary>
internal static class MovedMarker
{
    public const string FileName = "moved";

    /// <summary>Where the catalog went; null when it is here.</summary>
    public static string? Read(IFileSystem files, string folder) =>
        WholeFile.Read(files, Path.Join(folder, FileName)) is { } text ? Encoding.UTF8.GetString(text) : null;

    /// <summary>Says so, durably.</summary>
    public static void Write(IFileSystem files, string folder, string to) => WholeFile.Write(files, Path.Join(folder, FileName), Encoding.UTF8.GetBytes(to));

    /// <summary>Takes it back, durably.</summary>
    public static void Remove(IFileSystem files, string folder)
    {
        files.DeleteFile(Path.Join(folder, FileName));
        files.SyncFolder(folder);
    }
}
