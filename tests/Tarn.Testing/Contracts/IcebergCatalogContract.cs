using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;

namespace Tarn.Testing.Contracts;

/// <summary>What every catalog does, also one behind a protocol. Derive, say how to open the same catalog again, and the tests run.</summary>
public abstract partial class IcebergCatalogContract
{
    protected static readonly ImmutableSortedDictionary<string, string> NoProperties = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    protected static readonly Namespace Sales = Namespace.Of("sales");
    protected static readonly TableIdentifier Orders = TableIdentifier.Of("sales", "orders");

    /// <summary>The store that the catalog's files lie in.</summary>
    protected abstract IObjectStore Store { get; }

    /// <summary>Opens the catalog of this test: each call a fresh object, as another process would have.</summary>
    protected abstract ICatalog Open();

    /// <summary>Where views go.</summary>
    protected virtual string ViewLocation => "s3://lake/sales/view-1";

    [Fact]
    public virtual async Task Namespaces_CreateLoadUpdateDrop_Work()
    {
        var catalog = Open();
        Assert.Null(await catalog.LoadNamespaceAsync(Sales));
        await catalog.CreateNamespaceAsync(Sales, NoProperties.Add("owner", "ada").Add("x", "1"));
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.CreateNamespaceAsync(Sales, NoProperties).AsTask());
        await catalog.UpdateNamespaceAsync(Sales, new Dictionary<string, string> { ["owner"] = "bob", ["y"] = "2" }, ["x", "never"]);
        Assert.Equal(NoProperties.Add("owner", "bob").Add("y", "2"), await Open().LoadNamespaceAsync(Sales));
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.UpdateNamespaceAsync(Sales, new Dictionary<string, string> { ["a"] = "1" }, ["a"]).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.UpdateNamespaceAsync(Namespace.Of("none"), NoProperties, []).AsTask());
        await catalog.DropNamespaceAsync(Sales);
        Assert.Null(await catalog.LoadNamespaceAsync(Sales));
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.DropNamespaceAsync(Sales).AsTask());
    }

    [Fact]
    public virtual async Task Namespaces_Nested_AreChildrenOfTheirParents()
    {
        var catalog = Open();
        var missing = await Assert.ThrowsAsync<MissingNamespaceException>(() => catalog.CreateNamespaceAsync(Namespace.Of("a", "b"), NoProperties).AsTask());
        Assert.Equal((ErrorKind.NotFound, Namespace.Of("a")), (missing.Kind, missing.Missing));
        foreach (string[] levels in (string[][])[["a"], ["a", "b"], ["a", "b", "c"], ["a.b"], ["A"], ["a", "a"]])
            await catalog.CreateNamespaceAsync(new Namespace(levels), NoProperties);
        Assert.Equal([Namespace.Of("A"), Namespace.Of("a"), Namespace.Of("a.b")], (await catalog.ListNamespacesAsync(Namespace.Root)).Items);
        Assert.Equal([Namespace.Of("a", "a"), Namespace.Of("a", "b")], (await catalog.ListNamespacesAsync(Namespace.Of("a"))).Items);
        Assert.Empty((await catalog.ListNamespacesAsync(Namespace.Of("a.b"))).Items);
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.ListNamespacesAsync(Namespace.Of("b")).AsTask());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.DropNamespaceAsync(Namespace.Of("a", "b")).AsTask());
        await catalog.DropNamespaceAsync(Namespace.Of("a", "b", "c"));
        await catalog.DropNamespaceAsync(Namespace.Of("a", "b"));
    }

    [Fact]
    public virtual async Task Namespaces_WithTablesOrViews_AreNotDropped()
    {
        var catalog = await WithSalesAsync();
        await CreateAsync(catalog, Orders);
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.DropNamespaceAsync(Sales).AsTask());
        await catalog.DropTableAsync(Orders, purge: false);
        await catalog.CommitViewAsync(Orders, null, View());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.DropNamespaceAsync(Sales).AsTask());
        await catalog.DropViewAsync(Orders);
        await catalog.DropNamespaceAsync(Sales);
    }

    [Fact]
    public virtual async Task Namespaces_DroppedWithContent_TakeTablesAndViewsAlong()
    {
        var catalog = await WithSalesAsync();
        await CreateAsync(catalog, Orders);
        await catalog.CommitViewAsync(Report, null, View());
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => catalog.DropNamespaceWithContentAsync(Sales, all => throw new InvalidOperationException(all[^1].ToString())).AsTask());
        Assert.Contains(nameof(NamespaceContent), refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await Open().LoadTableAsync(Orders));
        var shown = new List<string>();
        await catalog.DropNamespaceWithContentAsync(Sales, all =>
        {
            shown.AddRange(all.SelectMany(c => c.Tables.Concat(c.Views).Select(t => t.ToString()).Append(c.Namespace.ToString())));
            return ValueTask.CompletedTask;
        });
        Assert.Equal([Orders.ToString(), Report.ToString(), Sales.ToString()], shown);
        Assert.Null(await Open().LoadNamespaceAsync(Sales));
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.DropNamespaceWithContentAsync(Sales).AsTask());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public virtual async Task Names_ThatNobodyCouldType_AreInvalid(string name)
    {
        var catalog = await WithSalesAsync();
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.CreateNamespaceAsync(Namespace.Of(name), NoProperties).AsTask());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => CreateAsync(catalog, new TableIdentifier(Sales, name)));
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.CommitViewAsync(new TableIdentifier(Sales, name), null, View()).AsTask());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.CreateNamespaceAsync(Namespace.Root, NoProperties).AsTask());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => CreateAsync(catalog, new TableIdentifier(Namespace.Root, "t")));
    }

    /// <summary>Steps of a path: clients take them out of addresses.</summary>
    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public virtual async Task Names_ThatNoAddressCanHold_AreRefusedWhereverTheyAreMade(string name)
    {
        var catalog = await WithSalesAsync();
        var created = await CreateAsync(catalog, Orders);
        var view = await catalog.CommitViewAsync(Report, null, View());
        var odd = new TableIdentifier(Sales, name);
        foreach (var make in (Func<Task>[])
        [
            () => catalog.CreateNamespaceAsync(Namespace.Of(name), NoProperties).AsTask(),
            () => CreateAsync(catalog, odd),
            () => catalog.CommitViewAsync(odd, null, View()).AsTask(),
            () => catalog.RenameTableAsync(Orders, odd).AsTask(),
            () => catalog.RenameViewAsync(Report, odd).AsTask(),
            () => catalog.RegisterTableAsync(odd, created.MetadataLocation).AsTask(),
            () => catalog.RegisterViewAsync(odd, view.MetadataLocation).AsTask(),
        ])
        {
            var error = await Assert.ThrowsAnyAsync<TarnException>(make);
            Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
            Assert.Contains($"{name}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("orders.2024")]
    [InlineData("Größe/päth \"x\" \U0001F600")]
    [InlineData("...")]
    [InlineData("a%2Fb")]
    public virtual async Task Names_OddButPossible_AreStoredAsGiven(string name)
    {
        var space = Namespace.Of("odd " + name);
        var catalog = Open();
        await catalog.CreateNamespaceAsync(space, NoProperties);
        var table = new TableIdentifier(space, name);
        await CreateAsync(catalog, table);
        Assert.Equal([table], (await Open().ListTablesAsync(space)).Items);
        Assert.Equal(table, (await Open().LoadTableAsync(table))!.Identifier);
        Assert.Null(await catalog.LoadTableAsync(new TableIdentifier(space, name.ToUpperInvariant() + "x")));
    }

    [Fact]
    public virtual async Task Lists_InPages_GiveEverythingOnceInOrder()
    {
        var catalog = await WithSalesAsync();
        string[] names = [.. Enumerable.Range(0, 7).Select(i => $"t{i}")];
        foreach (string name in names)
        {
            await CreateAsync(catalog, new TableIdentifier(Sales, name));
            await catalog.CommitViewAsync(new TableIdentifier(Sales, "v" + name), null, View());
            await catalog.CreateNamespaceAsync(Namespace.Of("sales", name), NoProperties);
        }

        Assert.Equal(names, await PagesAsync(page => catalog.ListTablesAsync(Sales, page), t => t.Name));
        Assert.Equal(names.Select(n => "v" + n), await PagesAsync(page => catalog.ListViewsAsync(Sales, page), v => v.Name));
        Assert.Equal(names, await PagesAsync(page => catalog.ListNamespacesAsync(Sales, page), n => n.Levels[^1]));
        Assert.Null((await catalog.ListTablesAsync(Sales, new PageRequest(null, 7))).NextToken);
        Assert.Equal(7, (await catalog.ListTablesAsync(Sales)).Items.Count);
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.ListTablesAsync(Namespace.Of("none")).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.ListViewsAsync(Namespace.Of("none")).AsTask());
    }

    /// <summary>A catalog with the namespace <see cref="Sales"/>.</summary>
    protected async Task<ICatalog> WithSalesAsync()
    {
        var catalog = Open();
        await catalog.CreateNamespaceAsync(Sales, NoProperties);
        return catalog;
    }

    protected static async Task<TableHandle> CreateAsync(ICatalog catalog, TableIdentifier table, IReadOnlyDictionary<string, string>? properties = null)
    {
        string location = table.Namespace.IsRoot || table.Name.Length == 0 ? "s3://lake/x" : await catalog.NewTableLocationAsync(table);
        return (await catalog.CommitAsync([Creation(table, location, properties)]))[0];
    }

    protected static TableCommit Creation(TableIdentifier table, string location, IReadOnlyDictionary<string, string>? properties = null)
    {
        var schema = new Schema(0, [new NestedField(1, "id", true, SimpleType.Long), new NestedField(2, "note", false, SimpleType.String)]);
        var metadata = TableMetadata.New(
            schema, PartitionSpec.Unpartitioned, SortOrder.Unsorted, location, properties ?? NoProperties, 2, Guid.NewGuid(), DateTimeOffset.UtcNow);
        return new TableCommit(table, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata));
    }

    protected static TableCommit SetProperty(TableHandle table, string key, string value) => new(
        table.Identifier,
        [new TableRequirement.AssertTableUuid(table.Metadata.TableUuid!.Value)],
        [new TableUpdate.SetProperties(new Dictionary<string, string> { [key] = value })]);

    /// <summary>Appends a snapshot to main, as a writer of data does, without any data.</summary>
    protected static TableCommit AddSnapshot(TableHandle table, long id)
    {
        var metadata = table.Metadata;
        var snapshot = new Snapshot
        {
            SnapshotId = id,
            ParentSnapshotId = metadata.CurrentSnapshotId,
            SequenceNumber = metadata.LastSequenceNumber + 1,
            TimestampMs = Math.Max(metadata.LastUpdatedMs, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()),
            ManifestList = $"{metadata.Location}/metadata/snap-{id}.avro",
            Summary = NoProperties.Add("operation", "append"),
            SchemaId = metadata.CurrentSchemaId,
        };
        return new TableCommit(
            table.Identifier,
            [new TableRequirement.AssertTableUuid(metadata.TableUuid!.Value), new TableRequirement.AssertRefSnapshotId(Snapshot.MainBranch, metadata.CurrentSnapshotId)],
            [new TableUpdate.AddSnapshot(snapshot), new TableUpdate.SetSnapshotRef(Snapshot.MainBranch, new SnapshotRef(id, SnapshotRefType.Branch))]);
    }

    protected ViewMetadata View(string sql = "SELECT 1 AS one", Guid? uuid = null) => new()
    {
        ViewUuid = uuid ?? Guid.NewGuid(),
        FormatVersion = 1,
        Location = ViewLocation,
        Schemas = [new Schema(0, [new NestedField(1, "one", false, SimpleType.Int)])],
        CurrentVersionId = 1,
        Versions = [new ViewVersion { VersionId = 1, SchemaId = 0, TimestampMs = 1_700_000_000_000, Representations = [new ViewRepresentation("sql", sql, "tarn")], DefaultNamespace = ["sales"] }],
        VersionLog = [new ViewHistoryEntry(1_700_000_000_000, 1)],
    };

    /// <summary>How the refusal of a metadata file that cannot be registered arrives.</summary>
    /// <param name="kind">How it is said first.</param>
    protected virtual ErrorKind KindOfUnfitFile(ErrorKind kind) => kind;

    /// <summary>How many versions of a table the commits of several writers, who each have opened the catalog, may make.</summary>
    protected virtual void AssertVersions(int writers, int commitsOfEach, int versions) => Assert.Equal(writers * commitsOfEach, versions);

    protected static async Task AssertKindAsync(ErrorKind kind, Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<TarnException>(call);
        Assert.True(kind == error.Kind, $"Expected {kind}, got {error.Kind}: {error.Message}");
    }

    private static async Task<List<string>> PagesAsync<T>(Func<PageRequest, ValueTask<Page<T>>> list, Func<T, string> name)
    {
        var found = new List<string>();
        string? token = null;
        do
        {
            var page = await list(new PageRequest(token, 3));
            Assert.InRange(page.Items.Count, 1, 3);
            found.AddRange(page.Items.Select(name));
            token = page.NextToken;
        }
        while (token is not null);
        return found;
    }
}
