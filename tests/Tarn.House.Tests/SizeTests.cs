namespace Tarn.House.Tests;

/// <summary>A file is read at one sitting. The list of larger ones may only shrink.</summary>
public sealed class SizeTests
{
    private const int LineLimit = 500;

    // Tables of facts, with the number of lines each may have.
    private static readonly Dictionary<string, int> s_tablesOfFacts = [];

    [Fact]
    public void Lines_OfEveryCSharpFile_StayWithinTheLimit()
        => RuleAssert.None(
            from file in Repository.CSharp("src/", "tests/", "bench/")
            let lines = Repository.Lines(file).Length
            let limit = s_tablesOfFacts.GetValueOrDefault(file, LineLimit)
            where lines > limit
            select $"{file}: {lines} lines, limit {limit}",
            "Split a large type by aspect (Type.Aspect.cs):");

    [Fact]
    public void TablesOfFacts_OfTheList_ExistAndAreLarge()
        => RuleAssert.None(
            s_tablesOfFacts.Keys.Where(f => !Repository.Exists(f) || Repository.Lines(f).Length <= LineLimit),
            "Take these off the list, they need no exception any more:");
}
