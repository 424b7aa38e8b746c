using System.Diagnostics;

namespace Tarn.House.Tests;

/// <summary>The files of this repository, as the rules of the house see them: with '/' and relative to the root.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Tarn.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file that is tracked or would be: what git ignores is left out.</summary>
    public static IReadOnlyList<string> Files { get; } = List();

    /// <summary>C# files below the given folder, for instance "src/".</summary>
    public static IEnumerable<string> CSharp(params string[] folders)
        => Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && folders.Any(d => f.StartsWith(d, StringComparison.Ordinal)));

    public static IEnumerable<string> WithEnding(string ending)
        => Files.Where(f => f.EndsWith(ending, StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static bool Exists(string path)
        => File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tarn.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException($"no Tarn.slnx above {AppContext.BaseDirectory}: run the tests from a clone of the repository");
    }

    private static List<string> List()
        => [.. (Path.Exists(Path.Combine(Root, ".git")) ? AskGit() : Walk()).Where(f => File.Exists(Path.Combine(Root, f))).Order(StringComparer.Ordinal)];

    private static string[] AskGit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "ls-files --cached --others --exclude-standard -z")
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        })!;
        var names = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0
            ? names.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"git ls-files in {Root} ended with {git.ExitCode}");
    }

    // A source archive has no .git: then everything counts but what .gitignore names.
    private static IEnumerable<string> Walk()
        => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !f.StartsWith("artifacts/", StringComparison.Ordinal)
                && !f.StartsWith("node_modules/", StringComparison.Ordinal)
                && !f.StartsWith("tarn-data/", StringComparison.Ordinal));
}
