using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tarn.House.Tests;

/// <summary>Documents keep what they promise: links lead somewhere, decisions decide, notices are complete.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Links_InDocuments_Resolve()
        => RuleAssert.None(
            from file in Repository.WithEnding(".md")
            where !file.StartsWith("tests/fixtures/", StringComparison.Ordinal)
            from Match link in Link().Matches(WithoutCode(Repository.Read(file)))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            where !Resolves(file, target)
            select $"{file}: {target}",
            "A relative link leads to a file, and a #part to a heading in it:");

    [Fact]
    public void Decisions_InAdr_HaveStatusAndDecision()
        => RuleAssert.None(
            from file in Repository.WithEnding(".md")
            where file.StartsWith("docs/adr/", StringComparison.Ordinal) && !file.EndsWith("README.md", StringComparison.Ordinal)
            let text = Repository.Read(file)
            from part in new[] { "# ", "Status", "## Decision" }
            where !text.Split('\n').Any(l => l.TrimStart('#', '*', '-', ' ').StartsWith(part.TrimStart('#', ' '), StringComparison.OrdinalIgnoreCase))
            select $"{file}: no {part}",
            "An ADR has a title, a line 'Status: …' and a part '## Decision':");

    [Fact]
    public void Decisions_InAdr_AreNumberedWithoutGaps()
    {
        var numbers = Repository.Files
            .Where(f => f.StartsWith("docs/adr/", StringComparison.Ordinal) && !f.EndsWith("README.md", StringComparison.Ordinal))
            .Select(f => int.Parse(Path.GetFileName(f)[..4], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers.Order());
    }

    [Fact]
    public void Notices_OfThirdParties_NameEveryPackageAndVersion()
    {
        var notices = Repository.Read("THIRD-PARTY-NOTICES.md");
        RuleAssert.None(
            NuGetPackages().Concat(NpmPackages()).Where(p => !notices.Contains($"| {p.Name} | {p.Version} |", StringComparison.Ordinal))
                .Select(p => $"| {p.Name} | {p.Version} |"),
            "THIRD-PARTY-NOTICES.md needs a row for:");
    }

    [Fact]
    public void Failures_OfThePublicS3Suite_StandInTheProtocolsDocument()
    {
        var document = Repository.Read("docs/protocols/s3.md");
        RuleAssert.None(
            from line in Repository.Read("tests/conformance/s3-tests/expected-failures.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            where !line.StartsWith('#')
            let row = $"| {string.Join(" | ", line.Split('\t'))} |"
            where !document.Contains(row, StringComparison.Ordinal)
            select row,
            "docs/protocols/s3.md needs a row for:");
    }

    private static IEnumerable<(string Name, string Version)> NuGetPackages()
        => XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(e => ((string)e.Attribute("Include")!, (string)e.Attribute("Version")!));

    private static IEnumerable<(string Name, string Version)> NpmPackages()
    {
        using var package = JsonDocument.Parse(Repository.Read("package.json"));
        return [.. from kind in package.RootElement.EnumerateObject()
                   where kind.Name.EndsWith("ependencies", StringComparison.Ordinal)
                   from dependency in kind.Value.EnumerateObject()
                   select (dependency.Name, dependency.Value.GetString()!)];
    }

    private static bool Resolves(string file, string target)
    {
        var (path, anchor) = target.Split('#') switch { [var p, var a] => (p, a), [var p] => (p, ""), _ => (target, "") };
        var full = path.Length == 0 ? file : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, Uri.UnescapeDataString(path))));
        return Repository.Exists(full) && (anchor.Length == 0 || Headings(full.Replace('\\', '/')).Contains(anchor));
    }

    // The anchor of a heading: lower case, blanks to hyphens, other signs dropped.
    private static IEnumerable<string> Headings(string file)
        => from line in Fence().Replace(Repository.Read(file), "").Split('\n')
           where line.StartsWith('#')
           select NoAnchorSign().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static string WithoutCode(string text) => Code().Replace(text, "");

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchorSign();
}
