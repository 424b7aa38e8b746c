using System.Text.Json;
using System.Text.Json.Nodes;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Json;

public sealed class MetadataFixtureTests
{
    private static readonly string[] Refused = ["bad_data", "big_query_error/metadata/v0", "Unsupported", "Missing", "NoValidSchema", "zstd"];

    [Fact]
    public void Write_EveryForeignMetadataFile_KeepsItsMeaning()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg") is not { } root)
            return;
        int read = 0;
        foreach (string file in Directory.EnumerateFiles(root, "*.metadata.json", SearchOption.AllDirectories))
        {
            if (Refused.Any(file.Contains) || file.Contains("/view_"))
                continue;
            byte[] content = File.ReadAllBytes(file);
            var metadata = TableMetadataJson.Read(content, file);
            byte[] written = TableMetadataJson.Write(metadata);
            Assert.Equal(written, TableMetadataJson.Write(TableMetadataJson.Read(written, file)));
            var expected = Canonical.Of(MetadataCompression.Expand(content, file).Span);
            var actual = Canonical.Of(written);
            Assert.True(JsonNode.DeepEquals(expected, actual), $"{file}\n{Canonical.Difference(expected, actual)}");
            read++;
        }

        Assert.True(read > 400, $"read {read} files only");
    }

    [Fact]
    public void Read_ListedMetadataFiles_GivesFactsOrRefuses()
    {
        foreach (var (file, entry) in Listed("_metadata.json"))
        {
            TableMetadata metadata;
            try
            {
                metadata = TableMetadataJson.Read(File.ReadAllBytes(file), file);
            }
            catch (TarnException e)
            {
                Assert.True(Accepts(entry, "refuse"), e.Message);
                Assert.True(e.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported, e.Message);
                Assert.Contains(Path.GetFileName(file), e.Message, StringComparison.Ordinal);
                continue;
            }

            Assert.True(Accepts(entry, "facts"), $"{file} must be refused");
            CheckFacts(metadata, entry.GetProperty("facts"));
        }
    }

    [Fact]
    public void Read_ListedViews_GivesFactsOrRefuses()
    {
        foreach (var (file, entry) in Listed("_views.json"))
        {
            if (Accepts(entry, "refuse"))
            {
                var error = Assert.Throws<TarnException>(() => ViewMetadataJson.Read(File.ReadAllBytes(file), file));
                Assert.Contains(Path.GetFileName(file), error.Message, StringComparison.Ordinal);
                continue;
            }

            var facts = entry.GetProperty("facts");
            byte[] content = File.ReadAllBytes(file);
            var view = ViewMetadataJson.Read(content, file);
            Assert.Equal(facts.GetProperty("uuid").GetString(), view.ViewUuid.ToString());
            Assert.Equal(facts.GetProperty("current-version-id").GetInt32(), view.CurrentVersionId);
            Assert.Equal(facts.GetProperty("versions").GetInt32(), view.Versions.Count);
            Assert.Equal(facts.GetProperty("history").GetInt32(), view.VersionLog.Count);
            Assert.Equal(facts.GetProperty("current-schema-id").GetInt32(), view.CurrentVersion.SchemaId);
            Assert.Equal(facts.GetProperty("representations").EnumerateArray().Select(r => r.GetString()), view.CurrentVersion.Representations.Select(r => $"{r.Dialect}: {r.Sql}"));
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(content), JsonNode.Parse(ViewMetadataJson.Write(view))), file);
        }
    }

    [Fact]
    public void Read_ViewsOfTheTablesFolder_RoundTrip()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "tables") is not { } root)
            return;
        foreach (string file in Directory.EnumerateFiles(root, "*.metadata.json", SearchOption.AllDirectories).Where(f => f.Contains("/view_", StringComparison.Ordinal)))
        {
            byte[] content = File.ReadAllBytes(file);
            var expected = JsonNode.Parse(MetadataCompression.Expand(content, file).Span);
            Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(ViewMetadataJson.Write(ViewMetadataJson.Read(content, file)))), file);
        }
    }

    [Fact]
    public void Read_TablesWithExpectations_GivesSchemaSpecsRefsAndSnapshots()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "tables") is not { } root)
            return;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(root, "expected"), "*.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("metadata_file", out var path) || file.Contains("view_"))
                continue;
            string location = Path.Combine(root, path.GetString()!);
            CheckTable(TableMetadataJson.Read(File.ReadAllBytes(location), location), json.RootElement, file);
        }
    }

    [Fact]
    public void Read_ForeignTablesWithExpectations_GivesSchemaSpecsRefsAndSnapshots()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign") is not { } root)
            return;
        int tables = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(root, "expected"), "*.json").Where(f => !Path.GetFileName(f).StartsWith('_')))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var expected = json.RootElement;
            string location = Path.Combine(root, expected.GetProperty("metadata_file").GetString()!);
            var metadata = TableMetadataJson.Read(File.ReadAllBytes(location), location);
            Assert.Equal(expected.GetProperty("schema").EnumerateArray().Select(l => l.GetString()!.Split(" initial-default")[0].Split(" write-default")[0]), metadata.CurrentSchema.Fields.Select(f =>
                FactText.Field(f) + (metadata.CurrentSchema.IdentifierFieldIds.Contains(f.Id) ? " (identifier)" : "")));
            Assert.Equal(expected.GetProperty("format_version").GetInt32(), metadata.FormatVersion);
            // Old version 1 files have neither.
            if (expected.GetProperty("current_schema_id").ValueKind == JsonValueKind.Number)
                Assert.Equal(expected.GetProperty("current_schema_id").GetInt32(), metadata.CurrentSchemaId);
            if (expected.GetProperty("partition_specs").ValueKind == JsonValueKind.Array)
                Assert.Equal(expected.GetProperty("partition_specs").GetArrayLength(), metadata.PartitionSpecs.Count);
            Assert.Equal(expected.GetProperty("current_snapshot_id").GetString(), metadata.CurrentSnapshotId?.ToString());
            Assert.Equal(expected.GetProperty("snapshot_count").GetInt32(), metadata.Snapshots.Count);
            tables++;
        }

        Assert.True(tables >= 60, $"{tables} tables");
    }

    [Fact]
    public void Read_ListedDocuments_AreUnderstood()
    {
        foreach (var (file, _) in Listed("_documents.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (file.EndsWith("update_table_response.json", StringComparison.Ordinal))
            {
                // A made-up response without any partition spec, which no reader of metadata accepts.
                Assert.Contains("partition-specs", Assert.Throws<TarnException>(() => TableMetadataJson.Read(json.RootElement.GetProperty("metadata"), file)).Message, StringComparison.Ordinal);
            }
            else if (json.RootElement.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("format-version", out _))
            {
                byte[] written = TableMetadataJson.Write(TableMetadataJson.Read(metadata, file, ErrorKind.InvalidRequest));
                Assert.True(JsonNode.DeepEquals(Canonical.Of(System.Text.Encoding.UTF8.GetBytes(metadata.GetRawText())), Canonical.Of(written)), file);
            }
            else if (json.RootElement.TryGetProperty("schema-id", out _) && json.RootElement.TryGetProperty("fields", out _))
            {
                var schema = SchemaJson.Read(json.RootElement, file);
                Assert.Equal("7: geog_default: optional geography", schema.Fields[^1].ToString());
                Assert.Equal(JsonNode.Parse(json.RootElement.GetRawText())!["fields"]!.ToJsonString(), JsonNode.Parse(SchemaJson.Write(schema))!["fields"]!.ToJsonString());
            }
        }
    }

    private static void CheckTable(TableMetadata metadata, JsonElement expected, string file)
    {
        Assert.Equal(expected.GetProperty("format_version").GetInt32(), metadata.FormatVersion);
        var lines = expected.GetProperty("schema").EnumerateArray().Select(l => l.GetString()).ToArray();
        Assert.Equal(string.Join('\n', lines).Replace("(OGC:CRS84, spherical)", "").Replace("(OGC:CRS84)", ""), FactText.Schema(metadata.CurrentSchema));
        Assert.Equal(expected.GetProperty("current_schema_id").GetInt32(), metadata.CurrentSchemaId);
        Assert.Equal(expected.GetProperty("specs").GetArrayLength(), metadata.PartitionSpecs.Count);
        if (expected.TryGetProperty("current_snapshot_id", out var current))
            Assert.Equal(current.ValueKind == JsonValueKind.Null ? null : current.GetInt64(), metadata.CurrentSnapshotId);
        foreach (var snapshot in expected.GetProperty("snapshots").EnumerateArray())
        {
            var found = metadata.FindSnapshot(snapshot.GetProperty("snapshot_id").GetInt64());
            Assert.True(found is not null, file);
            if (snapshot.TryGetProperty("summary", out var summary))
                Assert.Equal(summary.EnumerateObject().Select(p => $"{p.Name}={p.Value.GetString()}").Order(StringComparer.Ordinal), found.Summary.Select(p => $"{p.Key}={p.Value}"));
        }

        if (expected.TryGetProperty("refs", out var refs))
            Assert.Equal(refs.EnumerateObject().Select(r => r.Name).Order(StringComparer.Ordinal), metadata.Refs.Keys);
    }

    private static void CheckFacts(TableMetadata metadata, JsonElement facts)
    {
        Assert.Equal(facts.GetProperty("format-version").GetInt32(), metadata.FormatVersion);
        if (facts.TryGetProperty("from", out _))
            return; // PyIceberg's facts, whose ids of specs and snapshots are its own inventions
        Assert.Equal(facts.GetProperty("default-spec-id").GetInt32(), metadata.DefaultSpecId);
        Assert.Equal(facts.GetProperty("snapshot-ids").EnumerateArray().Select(i => i.ToString()), metadata.Snapshots.Select(s => s.SnapshotId.ToString()));
        Assert.Equal(facts.GetProperty("table-uuid").GetString(), metadata.TableUuid.ToString());
        Assert.Equal(facts.GetProperty("location").GetString(), metadata.Location);
        Assert.Equal(facts.GetProperty("last-sequence-number").GetInt64(), metadata.LastSequenceNumber);
        Assert.Equal(facts.GetProperty("last-column-id").GetInt32(), metadata.LastColumnId);
        Assert.Equal(facts.GetProperty("last-partition-id").GetInt32(), metadata.LastPartitionId);
        Assert.Equal(facts.GetProperty("current-schema-id").GetInt32(), metadata.CurrentSchemaId);
        Assert.Equal(facts.GetProperty("schemas").GetInt32(), metadata.Schemas.Count);
        Assert.Equal(facts.GetProperty("specs").GetInt32(), metadata.PartitionSpecs.Count);
        Assert.Equal(facts.GetProperty("schema").GetString(), FactText.Schema(metadata.CurrentSchema));
        Assert.Equal(facts.GetProperty("spec").GetString(), FactText.Spec(metadata.DefaultSpec));
        Assert.Equal(facts.GetProperty("sort-order").GetString(), FactText.SortOrder(metadata.DefaultSortOrder));
        Assert.Equal(facts.GetProperty("current-snapshot-id").GetString(), metadata.CurrentSnapshotId?.ToString());
        var refs = facts.GetProperty("refs").EnumerateObject().Select(r => $"{r.Name} {r.Value.GetString()}");
        if (metadata.CurrentSnapshotId is { } main)
            refs = refs.Prepend($"main BRANCH {main}").Distinct(); // always there, also when the file does not list it
        Assert.Equal(refs, metadata.Refs.Select(r => $"{r.Key} {r.Value.Type.ToString().ToUpperInvariant()} {r.Value.SnapshotId}"));
        Assert.Equal(facts.GetProperty("statistics").GetInt32(), metadata.Statistics.Count);
        Assert.Equal(facts.GetProperty("partition-statistics").GetInt32(), metadata.PartitionStatistics.Count);
        Assert.Equal(facts.GetProperty("snapshot-log").GetInt32(), metadata.SnapshotLog.Count);
        Assert.Equal(facts.GetProperty("metadata-log").GetInt32(), metadata.MetadataLog.Count);
        if (facts.TryGetProperty("next-row-id", out var next))
            Assert.Equal(next.GetInt64(), metadata.NextRowId);
        if (facts.TryGetProperty("encryption-keys", out var keys))
            Assert.Equal(keys.GetInt32(), metadata.EncryptionKeys.Count);
    }

    private static bool Accepts(JsonElement entry, string outcome) => entry.GetProperty("accept").EnumerateArray().Any(a => a.GetString() == outcome);

    private static IEnumerable<(string File, JsonElement Entry)> Listed(string list)
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign") is not { } root)
            yield break;
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "expected", list)));
        foreach (var entry in json.RootElement.EnumerateArray())
            yield return (Path.Combine(root, entry.GetProperty("file").GetString()!), entry);
    }
}
