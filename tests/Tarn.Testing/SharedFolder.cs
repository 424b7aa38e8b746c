using System.Runtime.CompilerServices;

namespace Tarn.Testing;

/// <summary>
/// The folder <c>shared</c> with fixtures and peers, which lies beside the repository. It is looked for in every ancestor of this source file,
/// so that any clone below its parent finds it.
/// </summary>
public static class SharedFolder
{
    private static readonly Lazy<string?> Root = new(() => Find());

    /// <summary>Absolute path of a file or folder in it, or null (said loudly) when the shared folder or this part of it is missing.</summary>
    public static string? TryGet(params string[] parts)
    {
        string? path = Root.Value is { } root ? Path.Combine([root, .. parts]) : null;
        if (path is not null && (File.Exists(path) || Directory.Exists(path)))
            return path;
        LoudSkip.Say($"no shared/{string.Join('/', parts)} beside the repository; the proofs that need it did not run.");
        return null;
    }

    private static string? Find([CallerFilePath] string source = "")
    {
        for (var folder = new DirectoryInfo(Path.GetDirectoryName(source)!); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "fixtures")))
                return candidate;
        }

        return null;
    }
}
