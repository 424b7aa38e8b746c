using System.Collections.Immutable;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Catalog.Tests.Hive.Hosting;
using Tarn.Catalog.Tests.Hive.Recordings;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Testing.Catalogs;

namespace Tarn.Catalog.Tests.Hive.Calls;

public sealed class TableAlterationTests : IDisposable
{
    private static readonly TableIdentifier s_name = TableIdentifier.Of("sales", "t");

    private readonly HiveTestDoor _door = new();

    public void Dispose() => _door.Dispose();

    [Fact]
    public async Task Alter_FromAStateThatIsGone_IsRefusedInTheWordsThatClientsKnow()
    {
        await CreateAsync();
        Assert.Equal("", await AlterAsync("1", previous: "0"));
        const string refusal = "The table has been modified. The parameter value for key 'metadata_location' is 's3://lake/t/1.json'. The expected was value was 's3://lake/t/0.json'";
        Assert.Equal(refusal, await AlterAsync("2", previous: "0"));
        Assert.Equal(refusal, await AlterAsync("2", previous: "1", expected: "0"));
        Assert.Equal(refusal.Replace("'s3://lake/t/0.json'", "''", StringComparison.Ordinal), await AlterAsync("2", previous: null));
        Assert.Equal("", await AlterAsync("2", previous: "0", expected: "1"));
        Assert.Equal("s3://lake/t/2.json", (await _door.Catalog.LoadTableAsync(s_name))!.MetadataLocation);
    }

    [Fact]
    public async Task Alter_SentAgain_IsSuccessAlsoAfterOthers()
    {
        await CreateAsync();
        Assert.Equal("", await AlterAsync("1", previous: "0"));
        Assert.Equal("", await AlterAsync("1", previous: "0"));
        Assert.Equal("", await AlterAsync("1", previous: "0", expected: "0"));
        Assert.Equal("", await AlterAsync("2", previous: "1"));
        Assert.Equal("", await AlterAsync("1", previous: "0", expected: "0"));
        Assert.Equal("s3://lake/t/2.json", (await _door.Catalog.LoadTableAsync(s_name))!.MetadataLocation);
    }

    [Fact]
    public async Task Alter_ManyAtOnceFromOneState_AppliesOne()
    {
        await CreateAsync();
        string[] outcomes = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => Task.Run(() => AlterAsync($"race{i}", previous: "0", expected: i % 2 == 0 ? "0" : null))));
        Assert.Single(outcomes, o => o.Length == 0);
        Assert.All(outcomes.Where(o => o.Length > 0), o => Assert.StartsWith("The table has been modified. The parameter value for key 'metadata_location' is 's3://lake/t/race", o, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alter_ParametersOfAClient_StayThroughCommitsOfOtherDoors()
    {
        await CreateAsync();
        Assert.Equal("", await AlterAsync("0", previous: null, more: [new("trino_query_id", "q1"), new("write.x", "1")]));
        var loaded = (await _door.Catalog.LoadTableAsync(s_name))!;
        await _door.Catalog.CommitAsync([new TableCommit(s_name, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["write.x"] = "2", ["new"] = "n" })])]);
        var parameters = (await GetAsync()).Parameters;
        Assert.Equal(("q1", "2", "n", "ada"), (parameters["trino_query_id"], parameters["write.x"], parameters["new"], (await GetAsync()).Owner));
        Assert.Equal(loaded.MetadataLocation, parameters["previous_metadata_location"]);
        await _door.Catalog.CommitAsync([new TableCommit(s_name, [], [new TableUpdate.RemoveProperties(["new"])])]);
        Assert.False((await GetAsync()).Parameters.ContainsKey("new"));
    }

    [Fact]
    public async Task Alter_RenameAndCommitInOne_IsRefused()
    {
        await CreateAsync();
        Assert.Contains("one after the other", await AlterAsync("1", previous: "0", newName: "u"), StringComparison.Ordinal);
        Assert.Equal("", await AlterAsync("0", previous: null, newName: "U"));
        Assert.NotNull(await _door.Catalog.LoadTableAsync(TableIdentifier.Of("sales", "u")));
        Assert.Equal("hive.sales.t table not found", await AlterAsync("1", previous: "0"));
    }

    [Fact]
    public async Task Alter_MetadataFileThatIsNotThere_ChangesNothing()
    {
        await CreateAsync();
        var answer = await _door.CallAsync("alter_table", "sales", "t", Table("none", "0").ToThrift());
        Assert.Contains("s3://lake/t/none.json", answer.Body.Struct(2)!.Text(1), StringComparison.Ordinal);
        Assert.Equal("s3://lake/t/0.json", (await _door.Catalog.LoadTableAsync(s_name))!.MetadataLocation);
    }

    [Fact]
    public async Task Alter_ColumnsOfOtherTypesByPosition_IsNotRefused()
    {
        await CreateAsync();
        var next = Table("1", "0") with { Storage = new StorageDescriptor { Location = "s3://lake/t", Columns = [new FieldSchema("id", "string"), new FieldSchema("n", "int")] } };
        await ClientFiles.WriteAsync(_door.Store, next);
        Assert.Empty((await _door.CallAsync("alter_table", "sales", "t", next.ToThrift())).Body.Fields);
        Assert.Equal(["string", "int"], (await GetAsync()).Storage.Columns.Select(c => c.Type));
    }

    [Fact]
    public async Task Alter_ToAnotherTablesFile_IsADropOfTheOneThatIsThere()
    {
        await CreateAsync();
        var catalog = (EmbeddedCatalog)_door.Catalog;
        var old = (await catalog.LoadTableAsync(s_name))!;
        var other = await NewTable.CreateAsync(catalog, TableIdentifier.Of("sales", "other"));
        await catalog.ProtectAsync(["sales", "t"], true);
        var next = Table("0", "0");
        next = next with { Parameters = new Dictionary<string, string>(next.Parameters) { ["metadata_location"] = other.MetadataLocation } };
        var refused = (await _door.CallAsync("alter_table", "sales", "t", next.ToThrift())).Body.Struct(1)!;
        Assert.Contains("Table 'sales.t' is protected and is not dropped", refused.Text(1), StringComparison.Ordinal);
        Assert.Equal("", await AlterAsync("1", previous: "0"));
        await catalog.ProtectAsync(["sales", "t"], false);
        next = next with { Parameters = new Dictionary<string, string>(next.Parameters) { ["previous_metadata_location"] = "s3://lake/t/1.json" } };
        Assert.Empty((await _door.CallAsync("alter_table", "sales", "t", next.ToThrift())).Body.Fields);
        Assert.Equal(other.Metadata.TableUuid, (await catalog.LoadTableAsync(s_name))!.Metadata.TableUuid);
        await catalog.UndropTableAsync(s_name, TableIdentifier.Of("sales", "back"));
        Assert.Equal(old.Metadata.TableUuid, (await catalog.LoadTableAsync(TableIdentifier.Of("sales", "back")))!.Metadata.TableUuid);
    }

    [Fact]
    public async Task Owner_SaidAtAnyDoor_IsTheSameAtAll()
    {
        await CreateAsync();
        Assert.Equal("ada", await DescribedOwnerAsync());
        await SetOwnerAsync("eve");
        Assert.Equal(("eve", "eve"), ((await GetAsync()).Owner, await DescribedOwnerAsync()));

        // Sent back as it was read it says nothing; another one does, until the next statement.
        var read = await GetAsync();
        Assert.Empty((await _door.CallAsync("alter_table", "sales", "t", read.ToThrift())).Body.Fields);
        Assert.Equal(("eve", "eve"), ((await GetAsync()).Owner, await DescribedOwnerAsync()));
        Assert.Empty((await _door.CallAsync("alter_table", "sales", "t", (read with { Owner = "bob" }).ToThrift())).Body.Fields);
        Assert.Equal(("bob", "bob"), ((await GetAsync()).Owner, await DescribedOwnerAsync()));
        await SetOwnerAsync("ida");
        Assert.Equal(("ida", "ida"), ((await GetAsync()).Owner, await DescribedOwnerAsync()));
    }

    [Fact]
    public async Task Owner_InThePropertiesOfAClientsCommit_IsNotUndoneByTheOneThatItSendsBack()
    {
        await CreateAsync();
        Assert.Equal("", await AlterAsync("1", previous: "0", more: KeyValuePair.Create("owner", "eve")));
        Assert.Equal(("eve", "eve"), ((await GetAsync()).Owner, await DescribedOwnerAsync()));
    }

    private async Task SetOwnerAsync(string owner) =>
        await _door.Catalog.CommitAsync([new TableCommit(s_name, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["owner"] = owner })])]);

    private async Task<string?> DescribedOwnerAsync() => (await _door.Catalog.DescribeAsync().SingleAsync(d => d.Name == "t")).Facts.Owner;

    private async Task CreateAsync()
    {
        await _door.Catalog.CreateNamespaceAsync(Namespace.Of("sales"), ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));
        await ClientFiles.WriteAsync(_door.Store, Table("0", null));
        Assert.Empty((await _door.CallAsync("create_table", Table("0", null).ToThrift())).Body.Fields);
    }

    private async Task<HiveTable> GetAsync() => HiveTable.Read((await _door.CallAsync("get_table", "sales", "t")).Body.Struct(0)!);

    // The message of the exception, or nothing.
    private async Task<string> AlterAsync(string version, string? previous, string? expected = null, string newName = "t", params KeyValuePair<string, string>[] more)
    {
        var next = Table(version, previous, newName, more);
        await ClientFiles.WriteAsync(_door.Store, next);
        var context = new ThriftStruct();
        if (expected is not null)
            context.With(1, [KeyValuePair.Create("expected_parameter_key", "metadata_location"), KeyValuePair.Create("expected_parameter_value", $"s3://lake/t/{expected}.json")]);
        var answer = await _door.CallAsync("alter_table_with_environment_context", "sales", "t", next.ToThrift(), context);
        return answer.Body.Fields is [{ Value.Struct: { } fault }] ? fault.Text(1)! : "";
    }

    private static HiveTable Table(string version, string? previous, string name = "t", params KeyValuePair<string, string>[] more)
    {
        var parameters = new Dictionary<string, string>(more) { ["EXTERNAL"] = "TRUE", ["table_type"] = "iceberg", ["metadata_location"] = $"s3://lake/t/{version}.json" };
        if (previous is not null)
            parameters["previous_metadata_location"] = $"s3://lake/t/{previous}.json";
        return new HiveTable
        {
            TableName = name,
            DatabaseName = "sales",
            Owner = "ada",
            TableType = HiveTable.ExternalTable,
            Storage = new StorageDescriptor { Location = "s3://lake/t", Columns = [new FieldSchema("id", "bigint")] },
            Parameters = parameters,
        };
    }
}
