using Tarn.Core.Storage;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Catalogs;

/// <summary>The folders that hold the files of a table: its location, and where its properties send data and metadata ("Path Construction").</summary>
public static class TableFolders
{
    /// <summary>The properties that say where files go.</summary>
    public static IReadOnlyList<string> PathProperties { get; } = ["write.data.path", "write.metadata.path", "write.object-storage.path", "write.folder-storage.path"];

    /// <summary>The folders, the location first, none of them below another; without slash at the end, <c>s3a</c> and <c>s3n</c> as <c>s3</c>.</summary>
    public static IReadOnlyList<string> Of(TableMetadata metadata) => Of(metadata.Location, metadata.Properties);

    /// <summary>The same of a view.</summary>
    public static IReadOnlyList<string> Of(ViewMetadata metadata) => Of(metadata.Location, metadata.Properties);

    /// <summary>The folder that a property of <see cref="PathProperties"/> names.</summary>
    /// <param name="location">The location of the table, which relative paths begin at.</param>
    /// <param name="path">Value of the property.</param>
    public static string Resolve(string location, string path) => Normalize(IsAbsolute(path) ? path : $"{location.TrimEnd('/')}/{path}");

    /// <summary>The folder that a file lies in, as its location writes it; empty for a location without folders.</summary>
    public static string FolderOf(string file) => file[..Math.Max(0, file.LastIndexOf('/'))];

    /// <summary>Whether a path says by itself where it leads.</summary>
    public static bool IsAbsolute(string path) => path.StartsWith('/') || path.Contains(":/", StringComparison.Ordinal);

    private static List<string> Of(string location, IReadOnlyDictionary<string, string> properties)
    {
        List<string> folders = [Normalize(location)];
        foreach (string name in PathProperties)
        {
            if (properties.GetValueOrDefault(name) is not { Length: > 0 } path)
                continue;
            string folder = Resolve(location, path);
            if (folders.Exists(known => IsAtOrBelow(folder, known)))
                continue;
            folders.RemoveAll(known => IsAtOrBelow(known, folder));
            folders.Add(folder);
        }

        return folders;
    }

    /// <summary>Whether two folders have files in common: they are one, or one lies below the other.</summary>
    /// <param name="a">A folder as <see cref="Of(TableMetadata)"/> gives it.</param>
    /// <param name="b">Another.</param>
    public static bool Overlap(string a, string b) => IsAtOrBelow(a, b) || IsAtOrBelow(b, a);

    /// <summary>Whether a file certainly lies below a folder. A path with the steps <c>.</c> and <c>..</c> could lead anywhere, so it lies nowhere.</summary>
    /// <param name="folder">The folder, in any form.</param>
    /// <param name="location">Where the file is, in any form.</param>
    public static bool HasFile(string folder, string location)
    {
        string normal = Normalize(location);
        string above = Normalize(folder);
        return normal.Length > above.Length && IsAtOrBelow(normal, above) && !HasSteps(normal);
    }

    /// <summary>
    /// Whether a location certainly is a folder or lies below it. One with the steps <c>.</c> and <c>..</c>, or with an empty one, which a file system leaves out,
    /// could be anywhere.
    /// </summary>
    /// <param name="location">The location, in any form.</param>
    /// <param name="folder">The folder, in any form.</param>
    public static bool IsIn(string location, string folder)
    {
        string normal = Normalize(location);
        return IsAtOrBelow(normal, Normalize(folder)) && !HasSteps(normal) && !HasEmptySteps(normal);
    }

    /// <summary>One form for one place.</summary>
    public static string Normalize(string location)
    {
        string normal = LocationMap.NormalizeScheme(location);
        if (normal.StartsWith("file:", StringComparison.Ordinal))
            normal = "/" + normal["file:".Length..].TrimStart('/');
        return normal.TrimEnd('/');
    }

    private static bool IsAtOrBelow(string folder, string other) => folder.StartsWith(other, StringComparison.Ordinal) && (folder.Length == other.Length || folder[other.Length] == '/');

    private static bool HasEmptySteps(string location)
    {
        int scheme = location.IndexOf("://", StringComparison.Ordinal);
        return location.IndexOf("//", scheme < 0 ? 0 : scheme + 3, StringComparison.Ordinal) >= 0;
    }

    private static bool HasSteps(ReadOnlySpan<char> location)
    {
        foreach (var part in location.Split('/'))
        {
            if (location[part] is "." or "..")
                return true;
        }

        return false;
    }
}
