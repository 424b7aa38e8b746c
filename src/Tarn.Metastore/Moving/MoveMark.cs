namespace Tarn.Metastore.Moving;

/// <summary>
/// What stands in a store whose content does not count: the catalog lives at another place. Its text is read by people, and by earlier versions, which refuse every
/// text that they find.
/// </summary>
/// <param name="Place">Where the catalog is.</param>
/// <param name="IsUnfinished">Whether this store is being filled from there, by a move that has not ended; else the catalog went there.</param>
internal sealed record MoveMark(string Place, bool IsUnfinished = false)
{
    private const string Unfinished = " (the move from there is not finished)", FolderBefore = "the data folder '", FolderBehind = "'";

    /// <summary>A data folder as a place.</summary>
    public static string Folder(string path) => FolderBefore + path + FolderBehind;

    /// <summary>The mark of a text; null for none.</summary>
    public static MoveMark? Parse(string? text) => text switch
    {
        null => null,
        _ when text.EndsWith(Unfinished, StringComparison.Ordinal) => new MoveMark(text[..^Unfinished.Length], IsUnfinished: true),
        _ => new MoveMark(text),
    };

    /// <summary>The command that moves the catalog of a data folder to the PostgreSQL of the settings.</summary>
    /// <param name="folder">A place from <see cref="Folder"/>.</param>
    public static string CommandTo(string folder) => $"tarn catalog migrate --to postgres --data {Shell(folder[FolderBefore.Length..^FolderBehind.Length])}";

    /// <summary>The command that brings the catalog from the PostgreSQL of the settings into a data folder.</summary>
    /// <param name="path">Path of the data folder.</param>
    public static string CommandFrom(string path) => $"tarn catalog migrate --from postgres --data {Shell(path)}";

    /// <inheritdoc/>
    public override string ToString() => IsUnfinished ? Place + Unfinished : Place;

    // Quoted only where a shell needs it.
    private static string Shell(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '\\' or ':' or '.' or '-' or '_')
        ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
