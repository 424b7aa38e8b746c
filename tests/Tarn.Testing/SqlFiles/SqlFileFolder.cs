using System.Runtime.CompilerServices;

namespace Tarn.Testing.SqlFiles;

/// <summary>The folder <c>tests/sql</c> of the repository.</summary>
public static class SqlFileFolder
{
    /// <summary>Its absolute path.</summary>
    public static string Root { get; } = Find();

    /// <summary>All <c>.test</c> files below it, as paths relative to it with forward slashes, in order.</summary>
    public static IReadOnlyList<string> Files { get; } = !Directory.Exists(Root) ? [] :
        [.. Directory.EnumerateFiles(Root, "*.test", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    /// <summary>Reads one of <see cref="Files"/>.</summary>
    /// <exception cref="FormatException">The file breaks the form.</exception>
    public static SqlTestFile Load(string file) => SqlTestFile.Parse(file, File.ReadAllText(Path.Combine(Root, file)));

    // This source file lies in tests/Tarn.Testing/SqlFiles.
    private static string Find([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "sql"));
}
