namespace Tarn.House.Tests;

/// <summary>The root is the table of contents and holds nothing else.</summary>
public sealed class RootTests
{
    private static readonly HashSet<string> s_agreed =
    [
        "Tarn.slnx", "README.md", "ARCHITECTURE.md", "STYLE.md", "CHANGELOG.md", "LICENSE", "THIRD-PARTY-NOTICES.md", "tarn", "tarn.cmd",
        "global.json", ".editorconfig", ".gitattributes", ".gitignore", "Directory.Build.props", "Directory.Packages.props",
        "package.json", "package-lock.json", "src", "tests", "bench", "docs", "deploy", "examples", ".ci",
    ];

    private static readonly string[] s_required =
        ["README.md", "ARCHITECTURE.md", "STYLE.md", "CHANGELOG.md", "LICENSE", "THIRD-PARTY-NOTICES.md", "tarn", "tarn.cmd", ".ci/run", "bench/soak"];

    [Fact]
    public void Root_Entries_AreTheAgreedOnes()
        => RuleAssert.None(
            Repository.Files.Select(f => f.Split('/')[0]).Distinct().Where(e => !s_agreed.Contains(e)),
            "The root holds nothing else; find the folder where a newcomer would look for:");

    [Fact]
    public void Root_RequiredEntries_Exist()
        => RuleAssert.None(s_required.Where(f => !Repository.Exists(f)), "Missing:");

    [Fact]
    public void Scripts_WithoutExtension_MayBeExecuted()
        => RuleAssert.None(
            Repository.Files.Where(f => Repository.Lines(f) is [var first, ..] && first.StartsWith("#!", StringComparison.Ordinal) && !MayBeExecuted(f)),
            "A file that names its interpreter is executable (chmod +x):");

    private static bool MayBeExecuted(string file)
        => OperatingSystem.IsWindows() || (File.GetUnixFileMode(Path.Combine(Repository.Root, file)) & UnixFileMode.UserExecute) != 0;
}
