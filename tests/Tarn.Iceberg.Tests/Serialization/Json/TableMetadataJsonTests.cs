using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Tests.Transactions;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Json;

public sealed class TableMetadataJsonTests
{
    [Fact]
    public void Write_UnknownFieldsEverywhere_AreKept()
    {
        string json = Encoding.UTF8.GetString(TableMetadataJson.Write(TableMetadataBuilderTests.Append(TestTable.New(3, spec: Spec), 1)));
        json = json.Replace("\"id\":1,\"name\"", "\"x-field\":[1],\"id\":1,\"name\"").Replace("\"spec-id\":0,", "\"spec-id\":0,\"x-spec\":{},")
            .Replace("\"transform\":\"day\"", "\"transform\":\"day\",\"x-part\":1").Replace("\"order-id\":0,", "\"order-id\":0,\"x-order\":true,")
            .Replace("\"snapshot-id\":1,\"type\"", "\"snapshot-id\":1,\"x-ref\":\"r\",\"type\"").Replace("\"manifest-list\"", "\"x-snapshot\":null,\"manifest-list\"")
            .Replace("\"format-version\":3", "\"format-version\":3,\"x-table\":{\"deep\":[1,2]}");
        string written = Encoding.UTF8.GetString(TableMetadataJson.Write(TableMetadataJson.Read(Encoding.UTF8.GetBytes(json), "t")));
        foreach (string name in (string[])["x-field", "x-spec", "x-part", "x-order", "x-ref", "x-snapshot", "x-table"])
            Assert.Contains($"\"{name}\"", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"location\":\"s3://lake/ns/t\"", "\"location\":5", "s3://m.json, field 'location': expected a string, found 5")]
    [InlineData("\"last-column-id\":12", "\"last-column-id\":\"12\"", "s3://m.json, field 'last-column-id': expected a 32-bit integer, found \"12\"")]
    [InlineData("\"name\":\"id\"", "\"nome\":\"id\"", "s3://m.json, field 'schemas[0].fields[0]': required field 'name' is missing")]
    [InlineData("\"type\":\"long\"", "\"type\":\"int64\"", "s3://m.json, field 'schemas[0].fields[0].type': expected the name of a type, found \"int64\"")]
    [InlineData("\"current-schema-id\":0", "\"current-schema-id\":3", "s3://m.json, field 'current-schema-id': schemas hold no schema 3")]
    [InlineData("\"id\":2,", "\"id\":1,", "s3://m.json, field 'schemas[0]': fields 'id' and 'name' have the same id 1")]
    [InlineData("\"current-snapshot-id\":1", "\"current-snapshot-id\":9", "s3://m.json, field 'current-snapshot-id': snapshots hold no snapshot 9")]
    [InlineData("\"type\":\"branch\"", "\"type\":\"twig\"", "s3://m.json, field 'refs.main.type': expected 'branch' or 'tag', found \"twig\"")]
    [InlineData("\"last-sequence-number\":1", "\"last-sequence-number\":0", "s3://m.json, field 'snapshots': snapshot 1 has sequence number 1, above last-sequence-number 0")]
    [InlineData("\"format-version\":2", "\"format-version\":4", "s3://m.json, field 'format-version': format version 4 is not supported, only 1 to 3 are. Open the table with a newer version.")]
    [InlineData("\"source-id\":3", "\"source-id\":33", "s3://m.json, field 'partition-specs': field 'at_day' of the default spec 0 has the source id 33, and the current schema has no such field")]
    public void Read_Contradiction_NamesFileFieldAndValue(string good, string bad, string message)
    {
        string json = Encoding.UTF8.GetString(TableMetadataJson.Write(TableMetadataBuilderTests.Append(TestTable.New(2, spec: Spec), 1)));
        Assert.Contains(good, json, StringComparison.Ordinal);
        int at = json.IndexOf(good, StringComparison.Ordinal);
        json = string.Concat(json.AsSpan(0, at), bad, json.AsSpan(at + good.Length));
        Assert.Equal(message, Assert.Throws<TarnException>(() => TableMetadataJson.Read(Encoding.UTF8.GetBytes(json), "s3://m.json")).Message);
    }

    [Fact]
    public void Read_CompressedOrMarked_IsRecognisedByContent()
    {
        var metadata = TestTable.New(properties: new() { [TableMetadataJson.CompressionProperty] = "gzip" });
        var (content, suffix) = TableMetadataJson.WriteFile(metadata);
        Assert.Equal(".gz.metadata.json", suffix);
        Assert.Equal(metadata.TableUuid, TableMetadataJson.Read(content, "m").TableUuid);
        Assert.Equal(metadata.TableUuid, TableMetadataJson.Read(new byte[] { 0xef, 0xbb, 0xbf }.Concat(TableMetadataJson.Write(metadata)).ToArray(), "m").TableUuid);
        Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(() => TableMetadataJson.Read(content[..40], "m")).Kind);
        Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(() => TableMetadataJson.Read(ReadOnlyMemory<byte>.Empty, "m")).Kind);
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign", "iceberg-go", "metadata", "TableMetadataV2Valid.zstd.metadata.json") is { } zstd)
            Assert.Equal(2, TableMetadataJson.Read(File.ReadAllBytes(zstd), zstd).FormatVersion);
    }

    [Theory]
    [InlineData(1, "\"current-snapshot-id\":-1")]
    [InlineData(2, "\"current-snapshot-id\":-1")]
    [InlineData(3, "\"next-row-id\":0")]
    public void Write_WithoutSnapshot_IsInTheFormOfItsVersion(int version, string part)
    {
        string json = Encoding.UTF8.GetString(TableMetadataJson.Write(TestTable.New(version)));
        Assert.Contains(part, json, StringComparison.Ordinal);
        Assert.Equal(version == 1, json.Contains("\"schema\":", StringComparison.Ordinal));
        Assert.Equal(version == 1, json.Contains("\"partition-spec\":", StringComparison.Ordinal));
        Assert.Equal(version > 1, json.Contains("\"last-sequence-number\":", StringComparison.Ordinal));
        Assert.Equal(version < 3, json.Contains("\"current-snapshot-id\":", StringComparison.Ordinal));
    }

    private static PartitionSpec Spec => new(0, [new PartitionField(3, 1000, "at_day", Transform.Day)]);
}
