using System.Text.RegularExpressions;

namespace Tarn.House.Tests;

/// <summary>A proof that has a full count belongs to a part of <c>bench/soak</c>; otherwise its full count never runs.</summary>
public sealed partial class SoakTests
{
    [Fact]
    public void Proofs_WithAFullCount_AreInAPart()
    {
        string[] filters = [.. Parts().SelectMany(part => part[2].Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.NotEmpty(filters);
        RuleAssert.None(
            Repository.CSharp("tests/").Where(f => f.EndsWith("Tests.cs", StringComparison.Ordinal) && f != Own && LongProof().IsMatch(Repository.Read(f)) && !filters.Any(NameOf(f).Contains)),
            "These proofs have a full count and are in no part of bench/soak (write the name of the test into the part where it belongs):");
    }

    [Fact]
    public void Parts_EveryFilter_FindsATest()
    {
        string[] names = [.. Repository.CSharp("tests/").Where(f => f.EndsWith("Tests.cs", StringComparison.Ordinal)).Select(NameOf)];
        RuleAssert.None(
            Parts().SelectMany(part => part[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(filter => !names.Any(n => n.Contains(filter, StringComparison.Ordinal))),
            "These filters of bench/soak match no test:");
    }

    private const string Own = "tests/Tarn.House.Tests/SoakTests.cs";

    private static IEnumerable<string[]> Parts() => Repository.Lines("bench/soak").Select(line => PartLine().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value.Split('|', StringSplitOptions.TrimEntries));

    // Namespaces follow folders, as another rule holds.
    private static string NameOf(string file) => file["tests/".Length..^".cs".Length].Replace('/', '.');

    [GeneratedRegex(@"^  '([a-z-]+ +\|[^']+)'$")]
    private static partial Regex PartLine();

    [GeneratedRegex(@"\bSoak\.(Rounds|Factor|Some)\b|\bMutations\.Run\(|\bEveryCut\.")]
    private static partial Regex LongProof();
}
