using Tarn.Access.Store;
using Tarn.Core.Errors;

namespace Tarn.Testing.Contracts;

/// <summary>What every store of identities does. Derive, say how to open the same store again, and the tests run.</summary>
public abstract class AccessStoreContract
{
    private static readonly AccessRecordKey Ada = new("user", "ada"), Bob = new("user", "bob");

    /// <summary>Opens the store of this test: each call a fresh object, as another process would have.</summary>
    protected abstract IAccessStore Open();

    [Fact]
    public async Task Read_NewStore_IsEmpty()
    {
        var records = await Open().ReadAsync();
        Assert.Equal(0, records.Version);
        Assert.Empty(records.Documents);
    }

    [Fact]
    public async Task Commit_Acknowledged_IsVisibleToEverybody()
    {
        var (one, other) = (Open(), Open());
        await one.CommitAsync("ada", 0, [Put(Ada, """{"name":"ada","text":"ü \" \\ \n"}"""), Put(Bob, """{"n":1.50}""")]);
        foreach (var store in new[] { one, other, Open() })
        {
            var records = await store.ReadAsync();
            Assert.True(records.Version > 0);
            Assert.Equal("""{"name":"ada","text":"ü \" \\ \n"}""", records.Documents[Ada]);
            Assert.Equal("""{"n":1.50}""", records.Documents[Bob]);
        }
    }

    [Fact]
    public async Task Commit_OtherVersion_ChangesNothing()
    {
        var store = Open();
        await store.CommitAsync("ada", 0, [Put(Ada, """{"v":1}""")]);
        var before = await store.ReadAsync();
        await Assert.ThrowsAsync<CommitConflictException>(() => store.CommitAsync("bob", before.Version - 1, [Put(Ada, """{"v":2}""")]).AsTask());
        Assert.Equal(before.Version, (await store.ReadAsync()).Version);
        Assert.Equal("""{"v":1}""", (await store.ReadAsync()).Documents[Ada]);
    }

    [Fact]
    public async Task Commit_Removal_TakesTheDocumentAway()
    {
        var store = Open();
        await store.CommitAsync("ada", 0, [Put(Ada, "{}"), Put(Bob, "{}")]);
        long version = (await store.ReadAsync()).Version;
        await store.CommitAsync("ada", version, [new(Ada, null), new(new("key", "none"), null)]);
        var records = await Open().ReadAsync();
        Assert.True(records.Version > version);
        Assert.Equal([Bob], records.Documents.Keys);
    }

    [Fact]
    public async Task Commit_Racing_LosesNothing()
    {
        const int writers = 8, rounds = 10;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var store = Open();
            for (int round = 0; round < rounds; round++)
                await IncrementAsync(store);
        })));
        Assert.Equal($$"""{"n":{{writers * rounds}}}""", (await Open().ReadAsync()).Documents[Ada]);
    }

    private static async Task IncrementAsync(IAccessStore store)
    {
        while (true)
        {
            var records = await store.ReadAsync();
            int present = records.Documents.TryGetValue(Ada, out string? document) ? int.Parse(document[5..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;
            try
            {
                await store.CommitAsync("ada", records.Version, [Put(Ada, $$"""{"n":{{present + 1}}}""")]);
                return;
            }
            catch (CommitConflictException)
            {
                continue;
            }
        }
    }

    private static AccessRecordChange Put(AccessRecordKey key, string document) => new(key, document);
}
