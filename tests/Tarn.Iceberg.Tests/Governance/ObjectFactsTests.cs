using Tarn.Iceberg.Governance;

namespace Tarn.Iceberg.Tests.Governance;

public sealed class ObjectFactsTests
{
    // What is kept in memory is bounded by this size: a part that does not count has no bound.
    [Fact]
    public void SizeBytes_EachText_Counts()
    {
        string text = new('x', 1000);
        long without = new ObjectFacts(null, null, [], [new ColumnFacts("c", null, [])]).SizeBytes;
        foreach (var facts in (ObjectFacts[])
            [
                new(text, null, [], [new ColumnFacts("c", null, [])]), new(null, text, [], [new ColumnFacts("c", null, [])]), new(null, null, [new Tag("", text)], [new ColumnFacts("c", null, [])]),
                new(null, null, [], [new ColumnFacts("c", text, [])]), new(null, null, [], [new ColumnFacts("c", null, [new Tag("", text)])]), new(null, null, [], [new ColumnFacts(text + "c", null, [])]),
            ])
            Assert.Equal(without + 2000, facts.SizeBytes);
    }
}
