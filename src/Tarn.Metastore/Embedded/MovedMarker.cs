using System.Text;
using Tarn.Core.Files;
using Tarn.Metastore.Moving;

namespace Tarn.Metastore.Embedded;

/// <summary>The file <c>moved</c> beside a log: the catalog lives elsewhere, and nobody goes on with what is here. Its text is a <see cref="MoveMark"/>.</summary>
internal static class MovedMarker
{
    public const string FileName = "moved";

    /// <summary>Where the catalog is; null when it is here.</summary>
    public static MoveMark? Read(IFileSystem files, string folder) =>
        MoveMark.Parse(WholeFile.Read(files, Path.Join(folder, FileName)) is { } text ? Encoding.UTF8.GetString(text) : null);

    /// <summary>Says so, durably.</summary>
    public static void Write(IFileSystem files, string folder, MoveMark mark) => WholeFile.Write(files, Path.Join(folder, FileName), Encoding.UTF8.GetBytes(mark.ToString()));

    /// <summary>Takes it back, durably.</summary>
    public static void Remove(IFileSystem files, string folder)
    {
        files.DeleteFile(Path.Join(folder, FileName));
        files.SyncFolder(folder);
    }
}
