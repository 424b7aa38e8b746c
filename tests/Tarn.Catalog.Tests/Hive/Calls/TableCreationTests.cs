using System.Collections.Immutable;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Tests.Hive.Hosting;
using Tarn.Catalog.Tests.Hive.Recordings;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Tests.Hive.Calls;

public sealed class TableCreationTests : IDisposable
{
    private readonly HiveTestDoor _door = new();

    public void Dispose() => _door.Dispose();

    [Theory]
    [InlineData("ICEBERG", HiveTable.ExternalTable)]
    [InlineData("ICEBERG-VIEW", HiveTable.VirtualView)]
    public async Task Create_SentAgain_IsSuccessOnlyForTheSameMetadataFile(string type, string tableType)
    {
        await _door.Catalog.CreateNamespaceAsync(Namespace.Of("sales"), ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));
        Assert.Equal("", await CreateAsync(type, tableType, "0"));
        Assert.Equal("", await CreateAsync(type, tableType, "0"));
        Assert.Equal("Table hive.sales.t already exists", await CreateAsync(type, tableType, "other"));
    }

    // The message of the exception, or nothing.
    private async Task<string> CreateAsync(string type, string tableType, string version)
    {
        var table = new HiveTable
        {
            TableName = "t",
            DatabaseName = "sales",
            TableType = tableType,
            ViewOriginalText = tableType == HiveTable.VirtualView ? "SELECT 1" : null,
            Storage = new StorageDescriptor { Location = "s3://lake/t", Columns = [new FieldSchema("id", "bigint")] },
            Parameters = new Dictionary<string, string> { ["table_type"] = type, ["metadata_location"] = $"s3://lake/t/{version}.json", ["uuid"] = "00000000-0000-0000-0000-000000000001" },
        };
        await ClientFiles.WriteAsync(_door.Store, table);
        var answer = await _door.CallAsync("create_table", table.ToThrift());
        return answer.Body.Fields is [{ Value.Struct: { } fault }] ? fault.Text(1)! : "";
    }
}
