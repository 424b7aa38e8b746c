using System.Text.RegularExpressions;

namespace Tarn.House.Tests;

/// <summary>Names say what a thing is; folders say where it is found.</summary>
public sealed partial class NameTests
{
    // Words that say nothing about the thing they name.
    private static readonly HashSet<string> s_empty =
        ["Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common", "Misc", "Info", "Infos"];

    [Fact]
    public void FileNames_InSourcesAndTests_HoldNoEmptyWord()
        => RuleAssert.None(
            Repository.CSharp("src/", "tests/", "bench/").Where(f => f.Split('/').Any(HoldsEmptyWord)),
            "Name the thing after what it is, in the specification's word:");

    [Fact]
    public void TypeNames_InSourcesAndTests_HoldNoEmptyWord()
        => RuleAssert.None(
            from file in Repository.CSharp("src/", "tests/", "bench/")
            from Match type in TypeDeclaration().Matches(Repository.Read(file))
            where HoldsEmptyWord(type.Groups["name"].Value)
            select $"{file}: {type.Groups["name"].Value}",
            "Name the type after what it is, in the specification's word:");

    [Fact]
    public void Namespaces_InSources_EqualProjectAndFolder()
        => RuleAssert.None(
            from file in Repository.CSharp("src/")
            let declared = Namespace().Match(Repository.Read(file))
            where file != "src/Tarn/Program.cs"
            let expected = Path.GetDirectoryName(file)!.Replace('\\', '/')["src/".Length..].Replace('/', '.')
            where declared.Groups["name"].Value != expected
            select $"{file}: '{declared.Groups["name"].Value}', expected '{expected}'",
            "One file-scoped namespace per file, equal to project and folder:");

    private static bool HoldsEmptyWord(string name) => Words().Matches(name).Any(w => s_empty.Contains(w.Value));

    [GeneratedRegex(@"^\s*(?:\[[^\]]*\]\s*)?(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe|new)\s+)*(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+(?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"[A-Z][a-z]*")]
    private static partial Regex Words();
}
