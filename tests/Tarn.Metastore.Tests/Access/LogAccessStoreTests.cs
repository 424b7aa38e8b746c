using System.Collections.Immutable;
using Tarn.Access.Store;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Access;
using Tarn.Metastore.Embedded;
using Tarn.Testing.Contracts;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Access;

public sealed class LogAccessStoreTests : AccessStoreContract, IDisposable
{
    private static readonly AccessRecordKey Ada = new("user", "ada");
    private readonly TemporaryFolder _folder = new();
    private readonly List<EmbeddedCommitLog> _logs = [];

    public void Dispose()
    {
        _logs.ForEach(l => l.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task Commit_BetweenTableCommits_KeepsItsVersion()
    {
        var log = OpenLog();
        var store = new LogAccessStore(log);
        await store.CommitAsync("ada", 0, [new(Ada, """{"v":1}""")]);
        long version = (await store.ReadAsync()).Version;
        await log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.PutNamespace(Namespace.Of("sales"), ImmutableSortedDictionary<string, string>.Empty)]));
        Assert.Equal(version, (await store.ReadAsync()).Version);
        await store.CommitAsync("ada", version, [new(Ada, """{"v":2}""")]);
        Assert.Equal("""{"v":2}""", (await store.ReadAsync()).Documents[Ada]);
        Assert.NotNull((await log.ReadAsync()).Main.FindNamespace(Namespace.Of("sales")));
    }

    [Fact]
    public async Task Read_UnchangedDocument_StaysTheSameObject()
    {
        var store = Open();
        await store.CommitAsync("ada", 0, [new(Ada, """{"v":1}"""), new(new("user", "bob"), "{}")]);
        var before = await store.ReadAsync();
        await store.CommitAsync("ada", before.Version, [new(new("user", "bob"), """{"v":2}""")]);
        Assert.Same(before.Documents[Ada], (await store.ReadAsync()).Documents[Ada]);
    }

    [Fact]
    public async Task Read_FromACheckpoint_GivesTheSame()
    {
        using (var log = new EmbeddedCommitLog(_folder["meta"]) { CheckpointEveryBytes = 1 })
        {
            var store = new LogAccessStore(log);
            for (int i = 0; i < 5; i++)
                await store.CommitAsync("ada", (await store.ReadAsync()).Version, [new(Ada, $$"""{"v":{{i}}}""")]);
        }

        Assert.True(File.Exists(_folder["meta/checkpoint"]));
        var records = await Open().ReadAsync();
        Assert.Equal("""{"v":4}""", records.Documents[Ada]);
        Assert.Equal(5, records.Version);
    }

    [Fact]
    public async Task Commit_SeveralLines_IsRefused()
        => await Assert.ThrowsAsync<ArgumentException>(() => Open().CommitAsync("ada", 0, [new(Ada, "{\n}")]).AsTask());

    protected override IAccessStore Open() => new LogAccessStore(OpenLog());

    private EmbeddedCommitLog OpenLog()
    {
        var log = new EmbeddedCommitLog(_folder["meta"]);
        lock (_logs)
            _logs.Add(log);
        return log;
    }
}
