using System.Collections.Immutable;
using Tarn.Access.Administration;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Catalog.Tests.Hive.Recordings;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Tests.Hive.Hosting;

/// <summary>Every call that names a place, with places that no client may name and with the folder of somebody else's table.</summary>
public sealed class HiveLocationTests
{
    private const string Outside = "s3://elsewhere/x";
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private static readonly Dictionary<string, Func<HiveTestServer, HiveTestClient, string, Task<ThriftMessage>>> s_calls = new()
    {
        ["create_database"] = (_, c, l) => c.CallAsync("create_database", true, new ThriftStruct().With(1, "own2").With(3, l)),
        ["alter_database"] = (_, c, l) => c.CallAsync("alter_database", true, "own", new ThriftStruct().With(1, "own").With(3, l)),
        ["create_table"] = (_, c, l) => c.CallAsync("create_table", true, Plain("raw2", l)),
        ["alter_table"] = (_, c, l) => c.CallAsync("alter_table", true, "own", "raw", Plain("raw", l)),
        ["add_partition"] = (_, c, l) => c.CallAsync("add_partition", true, Partition(l)),
        ["create_table of metadata"] = (s, c, l) => IcebergAsync(s, c, "create_table", "t2", "s3://lake/own/t2", l),
        ["create_table of metadata elsewhere"] = (s, c, l) => IcebergAsync(s, c, "create_table", "t2", l, "s3://lake/own/t2"),
        ["alter_table to metadata"] = (s, c, l) => IcebergAsync(s, c, "alter_table", "t", "s3://lake/own/t", l),
        ["create_table of a view"] = (s, c, l) => IcebergAsync(s, c, "create_table", "v2", l, l, "ICEBERG-VIEW"),
    };

    public static TheoryData<string> Calls => [.. s_calls.Keys];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Calls_ThatNameAPlaceElsewhere_AreRefused(string call)
    {
        await using var server = await StartAsync();
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        long before = (await server.Catalog.Log.ReadAsync()).Number;
        foreach (string location in new[] { Outside, "file:/etc", "s3://lake/../x" })
            Assert.Contains("not below an allowed location", RefusalOf(await s_calls[call](server, client, location)), StringComparison.Ordinal);
        Assert.Equal(before, (await server.Catalog.Log.ReadAsync()).Number);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Calls_ThatNameTheFolderOfAnotherTable_AreRefusedToWhoMayNotHaveIt(string call)
    {
        await using var server = await StartAsync();
        await server.Administration.PutPolicyAsync("own", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:*","Resource":["arn:tarn:catalog:::lake/own*"]} }""");
        await server.Administration.CreateUserAsync(new NewUser("thief", Policies: ["own"]));
        var key = await server.Administration.CreateKeyAsync(new KeyRequest("thief"));
        using var thief = await HiveTestClient.ConnectAsync(server.Address);
        Assert.Equal((byte)5, (await thief.NegotiateAsync("PLAIN", $"\0{key.Id}\0{key.Secret}")).Status);
        long before = (await server.Catalog.Log.ReadAsync()).Number;
        foreach (string location in new[] { "s3://lake/secret", "s3://lake/secret/deeper" })
            Assert.Contains("another table", RefusalOf(await s_calls[call](server, thief, location)), StringComparison.Ordinal);
        Assert.Equal(before, (await server.Catalog.Log.ReadAsync()).Number);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Calls_ThatNameAPlaceOfTheirOwn_Work(string call)
    {
        await using var server = await StartAsync();
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        Assert.Equal("", RefusalOf(await s_calls[call](server, client, "s3://lake/fine")));
    }

    // The namespace own with a table of each kind, and somebody else's table.
    private static async Task<HiveTestServer> StartAsync()
    {
        var server = await HiveTestServer.StartAsync();
        var noPartitions = ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);
        await server.Catalog.CreateNamespaceAsync(Namespace.Of("own"), s_none);
        await server.Catalog.CreateNamespaceAsync(Namespace.Of("sales"), s_none);
        await server.Catalog.CommitForeignTableAsync(TableIdentifier.Of("sales", "secret"), null, new ForeignTable(s_none.Add("sd.location", "s3://lake/secret"), noPartitions));
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        Assert.Equal("", RefusalOf(await client.CallAsync("create_table", true, Plain("raw", "s3://lake/own/raw"))));
        Assert.Equal("", RefusalOf(await IcebergAsync(server, client, "create_table", "t", "s3://lake/own/t", "s3://lake/own/t", version: "0")));
        return server;
    }

    private static ThriftStruct Plain(string name, string location) => new HiveTable
    {
        TableName = name, DatabaseName = "own", TableType = HiveTable.ExternalTable, PartitionKeys = [new FieldSchema("day", "string")],
        Storage = new StorageDescriptor { Location = location, Columns = [new FieldSchema("id", "bigint")] },
    }.ToThrift();

    private static ThriftStruct Partition(string location) => new HivePartition { Values = ["1"], DatabaseName = "own", TableName = "raw", Storage = new StorageDescriptor { Location = location } }.ToThrift();

    // A metadata file in one folder that says that the table lies in another.
    private static async Task<ThriftMessage> IcebergAsync(HiveTestServer server, HiveTestClient client, string method, string name, string folder, string location, string type = "ICEBERG", string version = "1")
    {
        var table = new HiveTable
        {
            TableName = name, DatabaseName = "own", TableType = type == "ICEBERG" ? HiveTable.ExternalTable : HiveTable.VirtualView, ViewOriginalText = type == "ICEBERG" ? null : "SELECT 1",
            Storage = new StorageDescriptor { Location = location, Columns = [new FieldSchema("id", "bigint")] },
            Parameters = new Dictionary<string, string>
            {
                ["table_type"] = type, ["metadata_location"] = $"{folder}/metadata/{version}.metadata.json", ["previous_metadata_location"] = $"{folder}/metadata/0.metadata.json",
                ["uuid"] = "00000000-0000-0000-0000-000000000001",
            },
        };
        await server.Store.DeleteAsync(table.Parameters["metadata_location"]);
        await ClientFiles.WriteAsync(server.Store, table);
        return method == "alter_table" ? await client.CallAsync(method, true, "own", name, table.ToThrift()) : await client.CallAsync(method, true, table.ToThrift());
    }

    private static string RefusalOf(ThriftMessage answer) => answer.Kind == ThriftMessageKind.Exception
        ? answer.Body.Text(1)!
        : answer.Body.Fields is [{ Key: > 0, Value.Struct: { } fault }] ? fault.Text(1)! : "";
}
