using System.Collections.Immutable;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Tests.Hive.Hosting;

/// <summary>Every call that uses the catalog, by roles that may nothing, read, and do everything in it.</summary>
public sealed class HiveAuthorizationTests
{
    private static readonly ThriftStruct s_table = new ThriftStruct().With(1, "raw2").With(2, "sales").With(7, new ThriftStruct().With(2, "s3://lake/raw2")).With(12, "EXTERNAL_TABLE");
    private static readonly ThriftStruct s_changed = new ThriftStruct().With(1, "raw").With(2, "sales").With(9, [KeyValuePair.Create("a", "b")]).With(12, "EXTERNAL_TABLE");
    private static readonly ThriftStruct s_ask = new ThriftStruct().With(1, "sales").With(2, "raw");
    private static readonly ThriftStruct s_lock = new ThriftStruct().With(1, new[] { new ThriftStruct().With(1, 3).With(2, 2).With(3, "sales").With(4, "raw") });

    private static readonly (string Method, ThriftValue[] Arguments)[] s_reading =
    [
        ("get_all_databases", []), ("get_databases", ["*"]), ("get_database", ["sales"]), ("get_database_req", [new ThriftStruct().With(1, "sales")]),
        ("get_all_tables", ["sales"]), ("get_tables", ["sales", "*"]), ("get_tables_by_type", ["sales", "*", "EXTERNAL_TABLE"]), ("get_table_meta", ["*", "*"]),
        ("get_table_names_by_filter", ["sales", "hive_filter_field_params__x = \"y\""]),
        ("get_table", ["sales", "raw"]), ("get_table_req", [s_ask]), ("get_table_objects_by_name", ["sales", ThriftList.Of(["raw"])]), ("get_table_objects_by_name_req", [new ThriftStruct().With(1, "sales").With(2, ["raw"])]),
        ("get_fields", ["sales", "raw"]), ("get_schema", ["sales", "raw"]),
        ("get_partitions", ["sales", "raw"]), ("get_partition_names", ["sales", "raw"]), ("get_partitions_by_names", ["sales", "raw", ThriftList.Of(Array.Empty<string>())]),
        ("get_table_statistics_req", [s_ask]), ("get_partitions_statistics_req", [s_ask]), ("lock", [s_lock]),
    ];

    private static readonly (string Method, ThriftValue[] Arguments)[] s_writing =
    [
        ("create_database", [new ThriftStruct().With(1, "other")]), ("alter_database", ["sales", new ThriftStruct().With(1, "sales").With(4, [KeyValuePair.Create("k", "v")])]), ("drop_database", ["other", false, false]),
        ("create_table", [s_table]), ("alter_table", ["sales", "raw", s_changed]), ("drop_table", ["sales", "raw2", false]),
    ];

    [Fact]
    public async Task Calls_ByARoleThatMayNothing_AreRefusedByName()
    {
        await using var server = await StartAsync("diagnostics");
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        foreach (var (method, arguments) in s_reading.Concat(s_writing))
            Assert.Contains("is not authorized to perform catalog:", RefusalOf(await client.CallAsync(method, true, arguments), method), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_ByARoleThatMayRead_ReadAndChangeNothing()
    {
        await using var server = await StartAsync("readonly");
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        foreach (var (method, arguments) in s_reading)
            Assert.Equal("", RefusalOf(await client.CallAsync(method, true, arguments), method));
        foreach (var (method, arguments) in s_writing.Where(w => w.Method is not ("drop_database" or "drop_table")))
            Assert.Contains("is not authorized to perform catalog:", RefusalOf(await client.CallAsync(method, true, arguments), method), StringComparison.Ordinal);
        Assert.Contains("is not authorized", RefusalOf(await client.CallAsync("drop_table", true, "sales", "raw", false), "drop_table"), StringComparison.Ordinal);
        Assert.Contains("is not authorized", RefusalOf(await client.CallAsync("drop_database", true, "sales", false, false), "drop_database"), StringComparison.Ordinal);
        Assert.NotNull(await server.Catalog.LoadForeignTableAsync(TableIdentifier.Of("sales", "raw")));
    }

    [Fact]
    public async Task Calls_ByARoleThatMayAll_Work()
    {
        await using var server = await StartAsync("catalog");
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        foreach (var (method, arguments) in s_reading.Concat(s_writing))
            Assert.Equal("", RefusalOf(await client.CallAsync(method, true, arguments), method));
    }

    private static async Task<HiveTestServer> StartAsync(string policy)
    {
        var server = await HiveTestServer.StartAsync(policy: policy);
        var none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        await server.Catalog.CreateNamespaceAsync(Namespace.Of("sales"), none);
        await server.Catalog.CommitForeignTableAsync(
            TableIdentifier.Of("sales", "raw"), null,
            new ForeignTable(none.Add("tableType", "EXTERNAL_TABLE"), ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal)));
        return server;
    }

    // The message of any exception, or nothing.
    private static string RefusalOf(ThriftMessage answer, string method)
    {
        Assert.Equal(method, answer.Name);
        if (answer.Kind == ThriftMessageKind.Exception)
            return answer.Body.Text(1)!;
        return answer.Body.Fields is [{ Key: > 0, Value.Struct: { } fault }] ? fault.Text(1)! : "";
    }
}
