using System.Collections.Immutable;
using System.Globalization;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Tests.Hive.Hosting;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Tests.Hive.Calls;

public sealed class PartitionChangesTests
{
    // More than lose one race after another by chance; each change is compared with the whole table.
    private const int Clients = 40;

    [Fact]
    public async Task AddPartition_ByManyClientsAtOnce_AddsAll()
    {
        await using var server = await HiveTestServer.StartAsync();
        await server.Catalog.CreateNamespaceAsync(Namespace.Of("own"), ImmutableSortedDictionary<string, string>.Empty);
        var table = new HiveTable
        {
            TableName = "raw", DatabaseName = "own", TableType = HiveTable.ExternalTable, PartitionKeys = [new FieldSchema("day", "string")],
            Storage = new StorageDescriptor { Location = "s3://lake/own/raw", Columns = [new FieldSchema("id", "bigint")] },
        };
        using (var client = await HiveTestClient.ConnectAsync(server.Address))
            await client.CallAsync("create_table", true, table.ToThrift());

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
        {
            using var client = await HiveTestClient.ConnectAsync(server.Address);
            var partition = new HivePartition { Values = [number.ToString(CultureInfo.InvariantCulture)], DatabaseName = "own", TableName = "raw", Storage = new StorageDescriptor() };
            var answer = await client.CallAsync("add_partition", true, partition.ToThrift());
            Assert.True(answer.Body.Fields is [{ Key: 0 }], $"{answer.Kind} {answer.Body.Fields.FirstOrDefault().Value.Struct?.Text(1)}");
        }));

        var found = await server.Catalog.LoadForeignTableAsync(TableIdentifier.Of("own", "raw"));
        Assert.Equal(Clients, found!.Table.Partitions.Count);
    }
}
