using Tarn.Storage.Buckets;

namespace Tarn.Testing.Contracts;

public abstract partial class BucketStoreContract
{
    [Fact]
    public async Task List_RandomKeysAndQueries_EqualsBruteForce()
    {
        var random = new Random(Soak.Seed);
        await BucketAsync(change: b => b with { Versioning = BucketVersioning.Enabled });
        var live = new SortedSet<string>(new Utf8Order());
        for (int i = 0; i < 90; i++)
        {
            string key = RandomKey(random);
            if (random.Next(5) > 0)
            {
                await PutAsync("photos", key, "x");
                live.Add(key);
            }
            else
            {
                await Store.DeleteAsync("photos", key, new ObjectDelete());
                live.Remove(key);
            }
        }

        for (int i = 0; i < Soak.Rounds(300, 20_000); i++)
        {
            var query = RandomQuery(random);
            var expected = BruteForce(live, query);
            var page = await Store.ListAsync("photos", query);
            string[] found = [.. page.Objects.Select(o => o.Key).Concat(page.CommonPrefixes).OrderBy(k => k, new Utf8Order())];
            Assert.True(expected.Take(query.Limit).SequenceEqual(found), $"seed {Soak.Seed}: {query}: expected {string.Join(' ', expected.Take(query.Limit))}, found {string.Join(' ', found)}");
            Assert.Equal(query.Limit > 0 && expected.Count > query.Limit, page.IsTruncated);
            Assert.Equal(page.IsTruncated ? found[^1] : null, page.NextKey);
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "/")]
    [InlineData("a/", "/")]
    [InlineData("a", "b")]
    public async Task List_PageByPage_GivesEachEntryOnce(string prefix, string delimiter)
    {
        var random = new Random(Soak.Seed);
        await BucketAsync();
        for (int i = 0; i < 60; i++)
            await PutAsync("photos", RandomKey(random), "x");
        var whole = await Store.ListAsync("photos", new ObjectQuery { Prefix = prefix, Delimiter = delimiter });
        for (int limit = 1; limit < 5; limit++)
        {
            List<string> objects = [], prefixes = [];
            string? after = null;
            do
            {
                var page = await Store.ListAsync("photos", new ObjectQuery { Prefix = prefix, Delimiter = delimiter, AfterKey = after, Limit = limit });
                objects.AddRange(page.Objects.Select(o => o.Key));
                prefixes.AddRange(page.CommonPrefixes);
                after = page.NextKey;
            }
            while (after is not null);
            Assert.Equal(whole.Objects.Select(o => o.Key), objects);
            Assert.Equal(whole.CommonPrefixes.ToList(), prefixes);
        }
    }

    [Fact]
    public async Task List_VersionsPageByPage_GivesEachOnceNewestFirst()
    {
        await BucketAsync(change: b => b with { Versioning = BucketVersioning.Enabled });
        foreach (string key in (string[])["a", "b", "c/1", "c/2", "d"])
        {
            for (int i = 0; i < 3; i++)
                await PutAsync("photos", key, $"{i}");
            await Store.DeleteAsync("photos", key, new ObjectDelete());
        }

        var whole = await Store.ListAsync("photos", new ObjectQuery { IncludesVersions = true });
        Assert.Equal(20, whole.Objects.Length);
        Assert.Equal([true, false, false, false], whole.Objects.Take(4).Select(o => o.IsLatest));
        Assert.Equal([true, false, false, false], whole.Objects.Take(4).Select(o => o.IsDeleteMarker));
        var found = new List<(string, string)>();
        string? afterKey = null, afterVersion = null;
        do
        {
            var page = await Store.ListAsync("photos", new ObjectQuery { IncludesVersions = true, AfterKey = afterKey, AfterVersionId = afterVersion, Limit = 3 });
            found.AddRange(page.Objects.Select(o => (o.Key, o.VersionId)));
            Assert.All(page.Objects, o => Assert.Equal(o.IsDeleteMarker, o.IsLatest));
            (afterKey, afterVersion) = (page.NextKey, page.NextVersionId);
        }
        while (afterKey is not null);
        Assert.Equal(whole.Objects.Select(o => (o.Key, o.VersionId)), found);
        Assert.Equal("c/", Assert.Single((await Store.ListAsync("photos", new ObjectQuery { IncludesVersions = true, Delimiter = "/", Prefix = "c" })).CommonPrefixes));
        Assert.Empty((await Store.ListAsync("photos", new ObjectQuery { Delimiter = "/" })).CommonPrefixes);
    }

    private static string RandomKey(Random random)
    {
        string[] pieces = ["a", "b", "/", "//", "ab", "ü", "\U0001F600", "\uFFFD", "\0", "\u0001", "c/", "-"];
        return string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    private static ObjectQuery RandomQuery(Random random)
    {
        string key = RandomKey(random);
        return new ObjectQuery
        {
            Prefix = random.Next(2) == 0 ? "" : key[..(char.IsSurrogate(key[0]) ? 2 : 1)],
            Delimiter = random.Next(3) switch { 0 => "", 1 => "/", _ => RandomKey(random) },
            AfterKey = random.Next(2) == 0 ? null : RandomKey(random),
            Limit = random.Next(4) switch { 0 => random.Next(3), 1 => 1000, _ => random.Next(1, 20) },
        };
    }

    private static List<string> BruteForce(IEnumerable<string> keys, ObjectQuery query) =>
        [.. keys.Where(k => k.StartsWith(query.Prefix, StringComparison.Ordinal))
            .Select(k => query.Delimiter.Length > 0 && k.IndexOf(query.Delimiter, query.Prefix.Length, StringComparison.Ordinal) is >= 0 and var at ? k[..(at + query.Delimiter.Length)] : k)
            .Where(e => query.AfterKey is null || new Utf8Order().Compare(e, query.AfterKey) > 0)
            .Distinct()
            .OrderBy(k => k, new Utf8Order())];
}
