using System.Collections.Immutable;
using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Access.Auditing;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Memory;
using Tarn.Testing.Access;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Authorization;

/// <summary>Rights are given on names: lists show no others, and no new name brings a right with it.</summary>
public sealed class AuthorizedNamesTests : IAsyncLifetime
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly TableIdentifier s_salaries = TableIdentifier.Of("hr", "salaries"), s_mine = TableIdentifier.Of("own", "mine");

    private readonly TemporaryFolder _folder = new();
    private EmbeddedCommitLog _log = null!;
    private EmbeddedCatalogs _catalogs = null!;
    private AccessServices _access = null!;

    public async Task InitializeAsync()
    {
        _log = new EmbeddedCommitLog(_folder["log"]);
        _catalogs = new EmbeddedCatalogs(_log, new MemoryObjectStore(), new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" });
        _access = new AccessServices(new MemoryAccessStore(), new() { DataFolder = _folder.Path });
        await _access.Administration.EnsureRootAsync(new RootCredential("tarnroot", "tarnrootsecret"));
        foreach (string name in new[] { "hr", "own", "hr2" })
            await _catalogs.Default.CreateNamespaceAsync(Namespace.Of(name), s_none);
        await CreateAsync(s_salaries);
        for (int i = 0; i < 6; i++)
            await CreateAsync(TableIdentifier.Of("own", $"t{i}"));
        foreach (string name in new[] { "raw0", "raw1" })
        {
            var described = new ForeignTable(s_none.Add("sd.location", "s3://lake/own/" + name), ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal));
            await _catalogs.Default.CommitForeignTableAsync(TableIdentifier.Of("own", name), null, described);
        }

        foreach (string name in new[] { "v0", "v1" })
            await _catalogs.Default.CommitViewAsync(TableIdentifier.Of("own", name), null, View());
    }

    public async Task DisposeAsync()
    {
        await _access.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lists_OfWhoMayGetSome_HoldThoseAloneOnEveryPage()
    {
        var some = await AsAsync(
            "some", Allow("catalog:List*", "*"), Allow("catalog:GetNamespace", "arn:tarn:catalog:::lake/hr"), Allow("catalog:Get*", "arn:tarn:catalog:::lake/own/*1"), Allow("catalog:GetTable", "arn:tarn:catalog:::lake/own/t4"));
        Assert.Equal(["hr"], (await some.ListNamespacesAsync(Namespace.Root)).Items.Select(n => n.ToString()));
        Assert.Equal(["own.t1", "own.t4"], (await some.ListTablesAsync(Namespace.Of("own"))).Items.Select(t => t.ToString()));
        Assert.Equal(["own.raw1"], (await some.ListForeignTablesAsync(Namespace.Of("own"))).Items.Select(t => t.ToString()));
        Assert.Equal(["own.v1"], (await some.ListViewsAsync(Namespace.Of("own"))).Items.Select(t => t.ToString()));
        Assert.Empty((await some.ListTablesAsync(Namespace.Of("hr"))).Items);
        // A token of what is left out would tell of it.
        var first = await some.ListTablesAsync(Namespace.Of("own"), new PageRequest(null, 1));
        Assert.Equal(("own.t1", "t1"), (first.Items.Single().ToString(), first.NextToken));
        var second = await some.ListTablesAsync(Namespace.Of("own"), new PageRequest(first.NextToken, 1));
        Assert.Equal(("own.t4", null), (second.Items.Single().ToString(), second.NextToken));
        await _access.DisposeAsync();
        var hidden = (await AuditTrail.ReadAsync(_folder.Path, new AuditQuery { Action = "catalog:ListTables" })).Where(e => e.Reason.Contains("left out", StringComparison.Ordinal)).ToList();
        Assert.Equal([(true, "showed 2, left out 4 that the caller may not see"), (true, "showed 1, left out 1 that the caller may not see"), (false, "showed 0, left out 1 that the caller may not see")], hidden.Take(3).Select(e => (e.IsAllowed, e.Reason)));
    }

    [Theory]
    [InlineData("catalog:GetTable")]
    [InlineData("catalog:ReadData")]
    [InlineData("catalog:WriteData")]
    [InlineData("catalog:CommitTable")]
    [InlineData("catalog:DropTable")]
    public async Task Rename_ToWhereTheCallerHasMoreRights_IsRefused(string gained)
    {
        const string hr = "arn:tarn:catalog:::lake/hr/salaries", own = "arn:tarn:catalog:::lake/own/*";
        var ada = await AsAsync("ada", Allow("catalog:*", hr), Allow("catalog:*", own), Deny(gained, hr));
        var refusal = await Assert.ThrowsAsync<TarnException>(() => ada.RenameTableAsync(s_salaries, s_mine).AsTask());
        Assert.Equal(ErrorKind.PermissionDenied, refusal.Kind);
        Assert.Contains($"{gained} on {hr}, and would be", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => ada.RenameForeignTableAsync(s_salaries, s_mine).AsTask())).Kind);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => ada.UndropTableAsync(s_salaries, s_mine).AsTask())).Kind);
        // Who has it neither here nor there may rename.
        var eve = await AsAsync("eve", Allow("catalog:*", hr), Allow("catalog:*", own), Deny(gained, "*"));
        await eve.RenameTableAsync(s_salaries, s_mine);
        Assert.NotNull(await _catalogs.Default.LoadTableAsync(s_mine));
    }

    [Theory]
    [InlineData("catalog:ReadData")]
    [InlineData("catalog:WriteData")]
    public async Task Unregister_WithoutTheRightsOnTheFiles_IsRefused(string denied)
    {
        var ada = await AsAsync("ada", Allow("catalog:*", "*"), Deny(denied, "arn:tarn:catalog:::lake/hr/*"));
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => ada.UnregisterTableAsync(s_salaries).AsTask())).Kind);
        Assert.NotNull(await _catalogs.Default.LoadTableAsync(s_salaries));
    }

    // Tables that have the folder of a namespace in theirs are open only to who may change the namespace.
    [Fact]
    public async Task Namespace_InTheFolderOfATable_NeedsTheRightsOnIt()
    {
        string folder = (await _catalogs.Default.LoadTableAsync(s_salaries))!.Metadata.Location;
        var thief = await AsAsync("thief", Allow("catalog:*", "arn:tarn:catalog:::lake/own*"));
        foreach (string location in new[] { folder, folder + "/data/", "s3a" + folder[2..] })
        {
            var at = s_none.Add("location", location);
            foreach (var refused in new Func<Task>[] { () => thief.CreateNamespaceAsync(Namespace.Of("own2"), at).AsTask(), () => thief.UpdateNamespaceAsync(Namespace.Of("own"), at, []).AsTask() })
                Assert.Contains("in the folder of another table", (await Assert.ThrowsAsync<TarnException>(refused)).Message, StringComparison.Ordinal);
        }

        await thief.UpdateNamespaceAsync(Namespace.Of("own"), s_none.Add("location", "s3://lake/own3"), []);
        var ada = await AsAsync("ada", Allow("catalog:*", "*"));
        var deep = s_none.Add("location", folder + "/deep");
        Assert.Contains("in the folder of table", (await Assert.ThrowsAsync<TarnException>(() => ada.CreateNamespaceAsync(Namespace.Of("deep"), deep).AsTask())).Message, StringComparison.Ordinal);
        await _catalogs.Default.DropTableAsync(s_salaries, purge: false);
        await ada.CreateNamespaceAsync(Namespace.Of("deep"), deep);
        await _access.DisposeAsync();
        var events = await AuditTrail.ReadAsync(_folder.Path, new AuditQuery { Action = CatalogActions.UseLocation });
        Assert.Equal(6, events.Count(e => !e.IsAllowed && e.Principal.EndsWith("/thief", StringComparison.Ordinal) && e.Resource == "arn:tarn:catalog:::lake" && e.Reason.Contains(folder[4..], StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Creating_NamespaceWithItsTable_TakesTheRightsToCreateBoth()
    {
        var (name, table) = (Namespace.Of("fresh"), TableIdentifier.Of("fresh", "t"));
        var tablesOnly = await AsAsync("tables", Allow("catalog:CreateTable", "*"));
        var namesOnly = await AsAsync("names", Allow("catalog:CreateNamespace", "*"));
        var both = await AsAsync("both", Allow("catalog:Create*", "*"));
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => tablesOnly.CreatingAsync(name).AsTask())).Kind);
        var creating = (await namesOnly.CreatingAsync(name))!;
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => creating.NewTableLocationAsync(table).AsTask())).Kind);
        await CreateAsync(table, (await both.CreatingAsync(name))!);
        Assert.NotNull(await _catalogs.Default.LoadTableAsync(table));
    }

    [Fact]
    public async Task Creating_NamespaceWhoseRightWasTakenMeanwhile_IsRefusedByTheCommit()
    {
        var name = Namespace.Of("late");
        var creating = (await (await AsAsync("ada", Allow("catalog:Create*", "*"))).CreatingAsync(name))!;
        await _access.Administration.PutPolicyAsync("ada", $$"""{"Version":"2012-10-17","Statement":[{{Allow("catalog:CreateTable", "*")}}]}""");
        Assert.Contains("catalog:CreateNamespace", (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(TableIdentifier.Of("late", "t"), creating))).Message, StringComparison.Ordinal);
        Assert.Null(await _catalogs.Default.LoadNamespaceAsync(name));
    }

    // A client that is refused deletes the files of its commit.
    [Fact]
    public async Task Commit_SentAgainAfterTheRightWasTaken_IsUnknownAndAnotherIsRefused()
    {
        var ada = await AsAsync("ada", Allow("catalog:*", "*"));
        var creation = await CreationAsync(s_mine, ada);
        var uuid = (await ada.CommitAsync([creation]))[0].Metadata.TableUuid!.Value;
        TableCommit append = Append(1), other = Append(2);
        await ada.CommitAsync([append]);
        await _access.Administration.PutPolicyAsync("ada", $$"""{"Version":"2012-10-17","Statement":[{{Allow("catalog:GetTable", "*")}}]}""");

        foreach (var again in new[] { creation, append })
            Assert.Contains("Keep all of its files", (await Assert.ThrowsAsync<CommitStateUnknownException>(() => ada.CommitAsync([again]).AsTask())).Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => ada.CommitAsync([other]).AsTask())).Kind);
        // Of a change of several tables that was made, no part may be refused: also when the right to one is there, and to another one without new files is gone.
        var property = new TableCommit(TableIdentifier.Of("other", "x"), [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = "v" })]);
        foreach (var whole in new[] { new[] { append, property }, [property, append] })
            await Assert.ThrowsAsync<CommitStateUnknownException>(() => ada.CommitAsync(whole).AsTask());

        TableCommit Append(long id) => new(s_mine, [new TableRequirement.AssertTableUuid(uuid)], [new TableUpdate.AddSnapshot(new Snapshot
        {
            SnapshotId = id, SequenceNumber = 1, TimestampMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), SchemaId = 0,
            ManifestList = creation.Updates.OfType<TableUpdate.SetLocation>().Single().Location + $"/metadata/snap-{id}.avro",
            Summary = s_none.Add("operation", "append"),
        })]);
    }

    private static string Allow(string action, string resource) => $$"""{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"}""";

    private static string Deny(string action, string resource) => $$"""{"Effect":"Deny","Action":"{{action}}","Resource":"{{resource}}"}""";

    private async Task<ICatalog> AsAsync(string user, params string[] statements)
    {
        await _access.Administration.PutPolicyAsync(user, $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""");
        await _access.Administration.CreateUserAsync(new NewUser(user, Policies: [user]));
        var caller = (await _access.Control.FindAccessKeyAsync((await _access.Administration.CreateKeyAsync(new KeyRequest(user))).Id)).Credential!.Caller;
        return (await new EmbeddedWarehouses(_catalogs, _access.Control, AllowedLocations.OfWarehouse).FindAsync("lake", new CatalogSession(caller)))!;
    }

    private Task CreateAsync(TableIdentifier name) => CreateAsync(name, _catalogs.Default);

    private static async Task CreateAsync(TableIdentifier name, ICatalog catalog) => await catalog.CommitAsync([await CreationAsync(name, catalog)]);

    private static async Task<TableCommit> CreationAsync(TableIdentifier name, ICatalog catalog)
    {
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, await catalog.NewTableLocationAsync(name),
            new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        return new TableCommit(name, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata));
    }

    private static ViewMetadata View() => new()
    {
        ViewUuid = Guid.NewGuid(), FormatVersion = 1, Location = "s3://lake/own/view", CurrentVersionId = 1, VersionLog = [new ViewHistoryEntry(1, 1)],
        Schemas = [new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)])],
        Versions = [new ViewVersion { VersionId = 1, SchemaId = 0, TimestampMs = 1, DefaultNamespace = ["own"], Representations = [new ViewRepresentation("sql", "SELECT 1", "spark")] }],
    };
}
