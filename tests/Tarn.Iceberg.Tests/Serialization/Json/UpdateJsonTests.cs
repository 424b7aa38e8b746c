using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Tests.Transactions;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Tests.Serialization.Json;

public sealed class UpdateJsonTests
{
    [Theory]
    [InlineData("""{"action":"assign-uuid","uuid":"9c12d441-03fe-4693-9a96-a0705ddf69c1"}""")]
    [InlineData("""{"action":"upgrade-format-version","format-version":3}""")]
    [InlineData("""{"action":"add-schema","schema":{"type":"struct","schema-id":1,"identifier-field-ids":[1],"fields":[{"id":1,"name":"x","required":true,"type":"long","doc":"d"}]},"last-column-id":1}""")]
    [InlineData("""{"action":"set-current-schema","schema-id":-1}""")]
    [InlineData("""{"action":"add-spec","spec":{"spec-id":1,"fields":[{"name":"b","transform":"bucket[16]","source-id":1,"field-id":1000}]}}""")]
    [InlineData("""{"action":"set-default-spec","spec-id":-1}""")]
    [InlineData("""{"action":"add-sort-order","sort-order":{"order-id":1,"fields":[{"transform":"identity","source-id":2,"direction":"desc","null-order":"nulls-last"}]}}""")]
    [InlineData("""{"action":"set-default-sort-order","sort-order-id":-1}""")]
    [InlineData("""{"action":"add-snapshot","snapshot":{"sequence-number":3,"snapshot-id":3055729675574597004,"parent-snapshot-id":7,"timestamp-ms":1,"summary":{"operation":"append","added-records":"1"},"manifest-list":"s3://a","schema-id":0,"first-row-id":0,"added-rows":1}}""")]
    [InlineData("""{"action":"set-snapshot-ref","ref-name":"audit","snapshot-id":3,"type":"branch","min-snapshots-to-keep":2,"max-snapshot-age-ms":3,"max-ref-age-ms":4}""")]
    [InlineData("""{"action":"remove-snapshots","snapshot-ids":[1,2]}""")]
    [InlineData("""{"action":"remove-snapshot-ref","ref-name":"audit"}""")]
    [InlineData("""{"action":"set-location","location":"s3://b"}""")]
    [InlineData("""{"action":"set-properties","updates":{"a":"1","b":"2"}}""")]
    [InlineData("""{"action":"remove-properties","removals":["a"]}""")]
    [InlineData("""{"action":"set-statistics","snapshot-id":1,"statistics":{"snapshot-id":1,"statistics-path":"s","file-size-in-bytes":1,"file-footer-size-in-bytes":2,"blob-metadata":[{"type":"t","snapshot-id":1,"sequence-number":2,"fields":[1],"properties":{"ndv":"3"}}]}}""")]
    [InlineData("""{"action":"remove-statistics","snapshot-id":1}""")]
    [InlineData("""{"action":"set-partition-statistics","partition-statistics":{"snapshot-id":1,"statistics-path":"s","file-size-in-bytes":1}}""")]
    [InlineData("""{"action":"remove-partition-statistics","snapshot-id":1}""")]
    [InlineData("""{"action":"remove-partition-specs","spec-ids":[1,2]}""")]
    [InlineData("""{"action":"remove-schemas","schema-ids":[1,2]}""")]
    [InlineData("""{"action":"add-encryption-key","encryption-key":{"key-id":"k","encrypted-key-metadata":"bQ==","encrypted-by-id":"m","properties":{"p":"q"}}}""")]
    [InlineData("""{"action":"remove-encryption-key","key-id":"k"}""")]
    public void TableUpdate_RoundTrip_GivesSameText(string json)
    {
        var updates = TableUpdateJson.ReadAll(Encoding.UTF8.GetBytes($"[{json}]"), "request");
        Assert.Equal($"[{json}]", Encoding.UTF8.GetString(TableUpdateJson.WriteAll(updates)));
    }

    [Theory]
    [InlineData("""{"type":"assert-create"}""")]
    [InlineData("""{"type":"assert-table-uuid","uuid":"9c12d441-03fe-4693-9a96-a0705ddf69c1"}""")]
    [InlineData("""{"type":"assert-ref-snapshot-id","ref":"main","snapshot-id":5}""")]
    [InlineData("""{"type":"assert-ref-snapshot-id","ref":"main","snapshot-id":null}""")]
    [InlineData("""{"type":"assert-last-assigned-field-id","last-assigned-field-id":1}""")]
    [InlineData("""{"type":"assert-current-schema-id","current-schema-id":1}""")]
    [InlineData("""{"type":"assert-last-assigned-partition-id","last-assigned-partition-id":1}""")]
    [InlineData("""{"type":"assert-default-spec-id","default-spec-id":1}""")]
    [InlineData("""{"type":"assert-default-sort-order-id","default-sort-order-id":1}""")]
    public void TableRequirement_RoundTrip_GivesSameText(string json)
    {
        var requirements = TableRequirementJson.ReadAll(Encoding.UTF8.GetBytes($"[{json}]"), "request");
        Assert.Equal($"[{json}]", Encoding.UTF8.GetString(TableRequirementJson.WriteAll(requirements)));
    }

    [Theory]
    [InlineData("""{"action":"add-view-version","view-version":{"version-id":1,"timestamp-ms":5,"schema-id":-1,"summary":{"engine-name":"tarn"},"default-catalog":"c","default-namespace":["n"],"representations":[{"type":"sql","sql":"SELECT 1","dialect":"tarn"}]}}""")]
    [InlineData("""{"action":"set-current-view-version","view-version-id":-1}""")]
    [InlineData("""{"action":"set-location","location":"s3://b"}""")]
    public void ViewUpdate_RoundTrip_GivesSameText(string json)
    {
        using var document = JsonDocument.Parse(json);
        var update = ViewUpdateJson.Read(document.RootElement, "request");
        Assert.Equal(json, Encoding.UTF8.GetString(JsonText.Write(w => ViewUpdateJson.Write(w, update))));
    }

    [Fact]
    public void Read_OldPropertyNamesAndMissingIds_AreAccepted()
    {
        var updates = TableUpdateJson.ReadAll(
            """[{"action":"Set-Properties","updated":{"a":"1"}},{"action":"remove-properties","removed":["a"]},{"action":"add-spec","spec":{"fields":[{"name":"b","transform":"day","source-id":3}]}}]"""u8.ToArray(), "request");
        Assert.Equal("1", Assert.IsType<TableUpdate.SetProperties>(updates[0]).Updates["a"]);
        var spec = Assert.IsType<TableUpdate.AddPartitionSpec>(updates[2]).Spec;
        Assert.Equal((-1, -1), (spec.SpecId, spec.Fields[0].FieldId));
        var applied = TableMetadataBuilder.Apply(TestTable.New(), [updates[2], new TableUpdate.SetDefaultSpec(-1)], TestTable.Now);
        Assert.Equal(1000, applied.DefaultSpec.Fields[0].FieldId);
    }

    [Fact]
    public void Read_UnknownAction_NamesDocumentFieldAndValue()
    {
        var error = Assert.Throws<TarnException>(() => TableUpdateJson.ReadAll("""[{"action":"explode"}]"""u8.ToArray(), "request"));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Equal("request, field '[0].action': expected the name of a table update, found \"explode\"", error.Message);
    }

    [Fact]
    public void ViewMetadata_Updates_CreateAndReplaceVersions()
    {
        var version = new ViewVersion { VersionId = 1, SchemaId = -1, TimestampMs = 5, Representations = [new ViewRepresentation("sql", "SELECT 1", "tarn")], DefaultNamespace = ["n"] };
        var view = ViewMetadataBuilder.Apply(
            null,
            [
                new ViewUpdate.AssignUuid(Guid.Parse("9c12d441-03fe-4693-9a96-a0705ddf69c1")), new ViewUpdate.SetLocation("s3://v/"), new ViewUpdate.AddSchema(TestTable.Columns),
                new ViewUpdate.AddViewVersion(version), new ViewUpdate.SetCurrentViewVersion(-1),
            ],
            TestTable.Now);
        Assert.Equal((1, 0, "s3://v"), (view.CurrentVersionId, view.CurrentVersion.SchemaId, view.Location));
        for (int i = 2; i < 15; i++)
        {
            var next = version with { SchemaId = 0, Representations = [new ViewRepresentation("sql", $"SELECT {i}", "tarn")] };
            view = ViewMetadataBuilder.Apply(view, [new ViewUpdate.AddViewVersion(next), new ViewUpdate.SetCurrentViewVersion(-1)], TestTable.Now);
        }

        Assert.Equal((14, 10, 10), (view.CurrentVersionId, view.Versions.Count, view.VersionLog.Count));
    }
}
