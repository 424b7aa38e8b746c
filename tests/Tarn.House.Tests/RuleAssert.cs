namespace Tarn.House.Tests;

/// <summary>Fails with every breach of a rule at once, each with its place, and what to do about it.</summary>
internal static class RuleAssert
{
    public static void None(IEnumerable<string> breaches, string wayOut)
    {
        var found = breaches.ToList();
        Assert.True(found.Count == 0, $"{wayOut}{Environment.NewLine}{string.Join(Environment.NewLine, found.Select(b => "  " + b))}");
    }
}
