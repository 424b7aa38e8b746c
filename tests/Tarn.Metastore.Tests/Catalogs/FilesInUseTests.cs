using System.Collections.Immutable;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Faults;
using Tarn.Storage.Local;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>What a purge reads of other tables, and what it leaves to them.</summary>
public sealed class FilesInUseTests : IDisposable
{
    private static readonly Namespace s_sales = Namespace.Of("sales");
    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _local;
    private readonly IObjectStore _store;
    private readonly EmbeddedCommitLog _log;
    private readonly EmbeddedCatalog _catalog;
    private readonly AppendingClient _client;
    private int _manifestReads;

    public FilesInUseTests()
    {
        _local = new LocalObjectStore(_folder.Path);
        _store = new FaultInjectingObjectStore(_local, (operation, location) =>
        {
            if (operation == StoreOperation.Read && location.EndsWith(".avro", StringComparison.Ordinal))
                Interlocked.Increment(ref _manifestReads);
            return null;
        });
        _log = new EmbeddedCommitLog(_folder[".metastore"]);
        _catalog = new EmbeddedCatalog(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada", Undrop = TimeSpan.Zero });
        _client = new AppendingClient(_store, new Random(7));
    }

    public void Dispose()
    {
        _log.Dispose();
        _local.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Purge_TablesElsewhere_AreReadOnce()
    {
        await _catalog.CreateNamespaceAsync(s_sales, ImmutableSortedDictionary<string, string>.Empty);
        var other = await CreateAsync("other");
        for (int i = 0; i < 5; i++)
            other = await AppendAsync(other);
        var reads = new List<int>();
        for (int i = 0; i < 3; i++)
        {
            var purged = await AppendAsync(await CreateAsync("purged"));
            Interlocked.Exchange(ref _manifestReads, 0);
            Assert.True(await _catalog.DropTableAsync(purged.Identifier, purge: true));
            reads.Add(_manifestReads);
            Assert.Null(await _local.HeadAsync(purged.Metadata.Snapshots[0].ManifestList!));
        }

        // Once five lists and five manifests of the other table; then nothing but the list and the manifest of the purged one.
        Assert.Equal([12, 2, 2], reads);
        Assert.NotNull(await _local.HeadAsync(other.Metadata.Snapshots[0].ManifestList!));
        other = await AppendAsync(other);
        var last = await AppendAsync(await CreateAsync("purged"));
        Interlocked.Exchange(ref _manifestReads, 0);
        Assert.True(await _catalog.DropTableAsync(last.Identifier, purge: true));
        Assert.Equal(4, _manifestReads);
    }

    /// <summary>A table may name files in the folder of another one, in whatever way its writer saw them; that it has its own place proves nothing.</summary>
    [Theory]
    [InlineData("s3:")]
    [InlineData("s3a:")]
    [InlineData("file:")]
    public async Task Purge_OtherTableNamesFilesInTheFolder_LeavesThem(string scheme)
    {
        await _catalog.CreateNamespaceAsync(s_sales, ImmutableSortedDictionary<string, string>.Empty);
        var (purged, other) = (await AppendAsync(await CreateAsync("purged")), await CreateAsync("other"));
        other = await AppendAsync(await AppendAsync(other));
        // The other table takes over the first snapshot of the purged one, with list, manifest and data.
        string list = purged.Metadata.Snapshots[0].ManifestList!;
        string named = scheme == "file:" ? "file://" + _local.ResolvePath(list) : scheme + list["s3:".Length..];
        var taken = purged.Metadata.Snapshots[0] with { ManifestList = named, ParentSnapshotId = other.Metadata.CurrentSnapshot!.SnapshotId, SequenceNumber = other.Metadata.LastSequenceNumber + 1 };
        await _catalog.CommitAsync([new TableCommit(other.Identifier, [], [new TableUpdate.AddSnapshot(taken), new TableUpdate.SetSnapshotRef("main", new SnapshotRef(taken.SnapshotId, SnapshotRefType.Branch))])]);
        Assert.True(await _catalog.DropTableAsync(purged.Identifier, purge: true));
        Assert.Empty((await _log.ReadAsync()).Dropped);
        Assert.NotNull(await _local.HeadAsync(taken.ManifestList!));
        Assert.Null(await _local.HeadAsync(purged.MetadataLocation));
    }

    [Fact]
    public async Task Commit_ForgottenMetadataThatIsCurrentUnderAnotherSpelling_Stays()
    {
        await _catalog.CreateNamespaceAsync(s_sales, ImmutableSortedDictionary<string, string>.Empty);
        var table = await CreateAsync("orders");
        var other = new TableIdentifier(s_sales, "same");
        string spelled = "file://" + _local.ResolvePath(table.MetadataLocation);
        await _catalog.RegisterTableAsync(other, spelled);
        var keepsOne = new TableUpdate.SetProperties(new Dictionary<string, string> { ["write.metadata.delete-after-commit.enabled"] = "true", ["write.metadata.previous-versions-max"] = "1" });
        var second = (await _catalog.CommitAsync([new TableCommit(table.Identifier, [], [keepsOne])]))[0];
        await AppendAsync(await AppendAsync(second));
        Assert.NotNull(await _local.HeadAsync(table.MetadataLocation));
        Assert.Null(await _local.HeadAsync(second.MetadataLocation));
        Assert.NotNull(await _catalog.LoadTableAsync(other));
    }

    [Fact]
    public async Task Commit_ForgottenMetadataInAFolderThatTheTableHasLeft_Goes()
    {
        await _catalog.CreateNamespaceAsync(s_sales, ImmutableSortedDictionary<string, string>.Empty);
        var table = await AppendAsync(await CreateAsync("orders"));
        TableUpdate[] updates =
        [
            new TableUpdate.SetLocation("s3://lake/elsewhere"),
            new TableUpdate.SetProperties(new Dictionary<string, string> { ["write.metadata.delete-after-commit.enabled"] = "true", ["write.metadata.previous-versions-max"] = "1" }),
        ];
        var moved = (await _catalog.CommitAsync([new TableCommit(table.Identifier, [], updates)]))[0];
        await AppendAsync(await AppendAsync(moved));
        Assert.Null(await _local.HeadAsync(table.MetadataLocation));
        Assert.Null(await _local.HeadAsync(moved.MetadataLocation));
        Assert.NotNull(await _local.HeadAsync(table.Metadata.Snapshots[0].ManifestList!));
    }

    private Task<TableHandle> CreateAsync(string name) => NewTable.CreateAsync(_catalog, new TableIdentifier(s_sales, name));

    private async Task<TableHandle> AppendAsync(TableHandle table) => (await _catalog.CommitAsync([await _client.AppendAsync(table, [1])]))[0];
}
