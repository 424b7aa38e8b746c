using System.Text.RegularExpressions;

namespace Tarn.House.Tests;

/// <summary>What finished code does not hold.</summary>
public sealed partial class SourceTextTests
{
    private static readonly (string What, Regex Pattern)[] s_unfinished =
    [
        ("a note to do later", Regex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b")),
        ("a stub", Regex(@"\bNot" + @"ImplementedException\b")),
        ("a sleep", Regex(@"\bThread\.Sl" + @"eep\b")),
        ("an empty catch", Regex(@"\bcatch\s*(\([^)]*\)\s*)?(when\s*\([^{]*\)\s*)?\{\s*\}")),
        ("blocking on a task", Regex(@"\.GetAwaiter\(\)\s*\.GetResult\(\)|\.Wait\(\);")),
        ("an async method nobody can await", Regex(@"\basync\s+void\b")),
        ("a region", Regex(@"^\s*#region\b")),
    ];

    // Foreign bytes keep their producers' words.
    private static readonly string[] s_foreign = ["tests/fixtures/", "node_modules/", "package-lock.json"];

    private static readonly Regex s_machine = Regex(
        @"(?<![\w.}/$-])/(wo" + @"rk|fa" + @"rm|ro" + @"ot|ho" + @"me/\w+|Us" + @"ers/\w+)/|\b(api\.nu" + @"get\.org|registry\.np" + @"mjs\.org|deb\.deb"
        + @"ian\.org|py" + @"pi\.org|repo1\.ma" + @"ven\.org)\b");

    [Fact]
    public void Sources_Everywhere_AreFinished()
        => RuleAssert.None(
            from file in Repository.CSharp("src/")
            let text = Repository.Read(file)
            from rule in s_unfinished
            from Match match in rule.Pattern.Matches(text)
            select $"{file}:{LineOf(text, match.Index)}: {rule.What}",
            "Finish it, or leave it out:");

    [Fact]
    public void TrackedFiles_Everywhere_NameNoMachineAndNoRegistry()
        => RuleAssert.None(
            from file in Repository.Files
            where IsText(file) && !s_foreign.Any(f => file.StartsWith(f, StringComparison.Ordinal))
            let text = Repository.Read(file)
            from Match match in s_machine.Matches(text)
            select $"{file}:{LineOf(text, match.Index)}: {match.Value}",
            "The project runs anywhere; take the path or host from its surroundings:");

    [Fact]
    public void Skips_InTests_CarryTheirReason()
        => RuleAssert.None(
            from file in Repository.CSharp("tests/")
            let text = Repository.Read(file)
            from Match match in EmptySkip().Matches(text)
            select $"{file}:{LineOf(text, match.Index)}",
            "Say why a test is skipped:");

    private static bool IsText(string file)
        => Path.GetExtension(file) is ".cs" or ".md" or ".csproj" or ".props" or ".targets" or ".json" or ".yaml" or ".yml" or ".sql"
            or ".test" or ".cmd" or ".sh" or ".py" or ".js" or ".mjs" or ".slnx" or ".txt" or "";

    private static int LineOf(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    private static Regex Regex(string pattern) => new(pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"Skip\s*=\s*""\s*""")]
    private static partial Regex EmptySkip();
}
