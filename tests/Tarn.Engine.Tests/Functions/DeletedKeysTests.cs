using Tarn.Engine.Functions;

namespace Tarn.Engine.Tests.Functions;

/// <summary>The table of deleted keys against a dictionary, for keys close together (an exact filter) and far apart (hashes).</summary>
public sealed class DeletedKeysTests
{
    private const int ManyKeys = 300;

    [Theory]
    [InlineData(0L, 1L)]
    [InlineData(-150L, 1L)]
    [InlineData(-20_000L, 100L)]
    [InlineData(long.MinValue, 1L)]
    [InlineData(long.MinValue, 63L)]
    [InlineData(long.MaxValue - ManyKeys + 1, 1L)]
    [InlineData(long.MaxValue - (63L * (ManyKeys - 1)), 63L)]
    [InlineData(5L, 255L)]
    [InlineData(5L, 256L)]
    [InlineData(5L, 257L)]
    [InlineData(5L, 1L << 40)]
    [InlineData(long.MinValue, 1L << 55)]
    public void Test_KeysAtEqualDistances_FindsThemAndNothingElse(long first, long distance) =>
        Check([.. Enumerable.Range(0, ManyKeys).Select(i => (first + (i * distance), 1L + (i % 3)))]);

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Test_OneKey_FindsItAndNothingElse(long key) => Check([(key, 7)]);

    [Fact]
    public void Test_NoKey_KeepsEverything() => Check([]);

    [Fact]
    public void Test_FirstAndLastOfAllNumbers_FindsBoth() => Check([(long.MinValue, 2), (long.MaxValue, 3), (0, 1)]);

    [Theory]
    [InlineData(1L)]
    [InlineData(1L << 40)]
    public void Test_AnyNumberOfRows_AnswersEachAndNoMore(long distance)
    {
        var keys = new DeletedKeys(bySequence: false, 0);
        keys.Add([.. Enumerable.Range(0, ManyKeys).Where(i => i % 3 == 0).Select(i => i * distance)]);
        keys.Complete();
        for (int rows = 0; rows < 20; rows++)
        {
            bool[] kept = [.. Enumerable.Repeat(true, rows), false, true];
            keys.Test([.. Enumerable.Range(0, 30).Select(i => i * distance)], [], kept.AsSpan(0, rows));
            Assert.Equal([.. Enumerable.Range(0, rows).Select(i => i % 3 != 0), false, true], kept);
        }
    }

    [Fact]
    public void Test_RandomKeys_AgreesWithDictionary()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int round = 0; round < 60; round++)
        {
            int bits = random.Next(2, 64);
            var deletes = Enumerable.Range(0, random.Next(1, 3000)).Select(_ => (random.NextInt64(long.MinValue, long.MaxValue) >> bits, random.NextInt64(1, 9))).ToArray();
            Check(deletes, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void NewestOfNull_SeveralDeletesOfNull_IsTheNewest()
    {
        var keys = new DeletedKeys(bySequence: true, 0);
        Assert.Equal(-1, keys.NewestOfNull);
        keys.Add(null, 4);
        keys.Add(null, 2);
        keys.Complete();
        Assert.Equal(4, keys.NewestOfNull);
    }

    private static void Check((long Key, long Sequence)[] deletes, string because = "")
    {
        var newest = deletes.GroupBy(d => d.Key).ToDictionary(g => g.Key, g => g.Max(d => d.Sequence));
        long[] values = [.. newest.Keys.SelectMany(k => new[] { k, unchecked(k - 1), unchecked(k + 1), unchecked(k + 64), unchecked(k - 64), -k }), 0, -1, long.MinValue, long.MaxValue];
        long[] sequences = [.. values.Select((_, i) => (long)(i % 10))];
        foreach (int expected in new[] { 0, deletes.Length, 3 * deletes.Length })
        {
            Assert.True(values.Select(v => !newest.ContainsKey(v)).SequenceEqual(Ask(deletes, expected, values, [])), because);
            Assert.True(values.Zip(sequences, (v, s) => !newest.TryGetValue(v, out long n) || n <= s).SequenceEqual(Ask(deletes, expected, values, sequences)), because);
        }
    }

    private static bool[] Ask((long Key, long Sequence)[] deletes, int expected, long[] values, long[] sequences)
    {
        var keys = new DeletedKeys(bySequence: sequences.Length > 0, expected);
        foreach (var (key, sequence) in deletes)
            keys.Add(key, sequences.Length > 0 ? sequence : 0);
        keys.Complete();
        bool[] kept = new bool[values.Length];
        keys.Test(values, sequences, kept);
        return kept;
    }
}
