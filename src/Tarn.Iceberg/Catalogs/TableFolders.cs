using Tarn.Core.Storage;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Catalogs;

/// <summary>The folders that hold the files of a table: its location, and where its properties send data and metadata ("Path Construction").</summary>
public static class TableFolders
{
    private static readonly string[] s_properties = ["write.data.path", "write.metadata.path", "write.object-storage.path", "write.folder-storage.path"];

    /// <summary>The folders, the location first, none of them below another; without slash at the end, <c>s3a</c> and <c>s3n</c> as <c>s3</c>.</summary>
    public static IReadOnlyList<string> Of(TableMetadata metadata)
    {
        List<string> folders = [Normalize(metadata.Location)];
        foreach (string name in s_properties)
        {
            if (metadata.Properties.GetValueOrDefault(name) is not { Length: > 0 } path)
                continue;
            string folder = Normalize(path.StartsWith('/') || path.Contains(":/", StringComparison.Ordinal) ? path : $"{metadata.Location.TrimEnd('/')}/{path}");
            if (folders.Exists(known => IsAtOrBelow(folder, known)))
                continue;
            folders.RemoveAll(known => IsAtOrBelow(known, folder));
            folders.Add(folder);
        }

        return folders;
    }

    /// <summary>Whether two folders have files in common: they are one, or one lies below the other.</summary>
    /// <param name="a">A folder as <see cref="Of"/> gives it.</param>
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

    /// <summary>One form for one place.</summary>
    public static string Normalize(string location)
    {
        string normal = LocationMap.NormalizeScheme(location);
        if (normal.StartsWith("file:", StringComparison.Ordinal))
            normal = "/" + normal["file:".Length..].TrimStart('/');
        return normal.TrimEnd('/');
    }

    private static bool IsAtOrBelow(string folder, string other) => folder.StartsWith(other, StringComparison.Ordinal) && (folder.Length == other.Length || folder[other.Length] == '/');

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
