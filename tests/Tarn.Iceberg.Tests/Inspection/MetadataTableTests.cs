using System.Globalization;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Inspection;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Tests.Scanning;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Tests.Inspection;

/// <summary>Metadata tables against what another engine shows of the shared fixtures, in the columns that both have.</summary>
public sealed class MetadataTableTests
{
    // Spark writes bounds as bytes where Trino writes texts; readable_metrics tells them too.
    private static readonly HashSet<string> Different = ["lower_bounds", "upper_bounds", "partition_summaries", "key_metadata"];

    [Fact]
    public async Task Rows_SharedFixtures_AreThoseOfAnotherEngine()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var wrong = new List<string>();
        int tables = 0;
        foreach (var expected in ExpectedTable.All(store).Where(t => t.Inspect is not null))
        {
            foreach (var item in expected.Inspect!.Value.EnumerateObject())
            {
                if (!MetadataTableNames.TryParse(item.Name, out var kind) || kind == MetadataTableKind.Partitions)
                    continue;
                tables++;
                var table = MetadataTable.Create(kind, store.Metadata(expected.MetadataFile), FixtureStore.Prefix + expected.MetadataFile, store);
                string[] names = [.. item.Value.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!.Split(':')[0])];
                var columns = table.Schema.Fields.Where(f => names.Contains(f.Name) && !Different.Contains(f.Name)).ToArray();
                Assert.True(columns.Length >= 4, $"{kind}: {columns.Length} common columns");
                var theirs = item.Value.GetProperty("rows").EnumerateArray().Select(r => Line(columns, f => FileCount(r, f.Name) ?? Their(f.Type, r.GetProperty(f.Name)))).Order(StringComparer.Ordinal).ToList();
                var ours = (await Read(table)).Select(r => Line(columns, f => Our(f.Type, r[IndexOf(table, f)]))).Order(StringComparer.Ordinal).ToList();
                if (!theirs.SequenceEqual(ours))
                    wrong.Add($"{expected.Name} {item.Name}: {ours.Except(theirs).FirstOrDefault()} instead of {theirs.Except(ours).FirstOrDefault()}; {ours.Count} rows, not {theirs.Count}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong.Take(10)));
        Assert.True(tables >= 45, $"{tables} metadata tables");
    }

    [Fact]
    public async Task Partitions_SharedFixtures_SumUpTheSameFiles()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        foreach (var expected in ExpectedTable.All(store).Where(t => t.Inspect?.TryGetProperty("partitions", out _) == true))
        {
            var table = MetadataTable.Create(MetadataTableKind.Partitions, store.Metadata(expected.MetadataFile), "", store);
            var partition = table.Schema.FindField("partition");
            var theirs = new SortedDictionary<string, (long, long, long)>(StringComparer.Ordinal);
            foreach (var row in expected.Inspect!.Value.GetProperty("partitions").GetProperty("rows").EnumerateArray())
            {
                string key = partition is null ? "" : Their(partition.Type, row.GetProperty("partition"));
                long Number(string name) => long.Parse(row.GetProperty(name).ToString(), CultureInfo.InvariantCulture);
                var sum = theirs.GetValueOrDefault(key);
                theirs[key] = (sum.Item1 + Number("record_count"), sum.Item2 + Number("file_count"), sum.Item3 + Number("total_data_file_size_in_bytes"));
            }

            var ours = (await Read(table)).ToDictionary(
                r => partition is null ? "" : Our(partition.Type, r[0]),
                r => ((long)r[IndexOf(table, "record_count")]!, (long)r[IndexOf(table, "file_count")]!, (long)r[IndexOf(table, "total_size")]!));
            Assert.Equal(theirs.Where(p => p.Value.Item2 > 0).Select(p => $"{expected.Name} {p}"), ours.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{expected.Name} {p}"));
        }
    }

    [Fact]
    public async Task Partitions_Bounds_CoverTheFiles()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var table = MetadataTable.Create(MetadataTableKind.Partitions, store.Metadata(new ExpectedTable(store.Folder, "snap_overwrite").MetadataFile), "", store);
        Assert.Equal(["partition", "record_count", "file_count", "total_size", "data"], table.Schema.Fields.Select(f => f.Name));
        var row = (await Read(table)).Single(r => ((object?[])r[0]!)[0] is "g0");
        var id = (object?[])((object?[])row[4]!)[0]!;
        Assert.Equal([51L, 51L, 0L], id[..3]);
    }

    [Fact]
    public async Task Files_BoundsAndMetrics_AreReadable()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var metadata = store.Metadata(new ExpectedTable(store.Folder, "snap_overwrite").MetadataFile);
        var table = MetadataTable.Create(MetadataTableKind.Files, metadata, "", store);
        var row = (await Read(table)).Single(r => ((string)r[1]!).Contains("g=g0", StringComparison.Ordinal));
        Assert.Equal("[[1,51],[2,g0],[3,6.375]]", Our(table.Schema.FindField("lower_bounds")!.Type, row[IndexOf(table, "lower_bounds")]));
        Assert.Contains("\"id\":{\"column_size\":43,\"value_count\":1,\"null_value_count\":0,\"nan_value_count\":null,\"lower_bound\":51,\"upper_bound\":51}", (string)row[IndexOf(table, "readable_metrics")]!, StringComparison.Ordinal);
        var manifests = MetadataTable.Create(MetadataTableKind.Manifests, metadata, "", store);
        var manifest = (await Read(manifests)).Single();
        Assert.Equal("[{contains_nan=false,contains_null=false,lower_bound=g0,upper_bound=g2}]", Our(manifests.Schema.FindField("partition_summaries")!.Type, manifest[^1]));
    }

    [Fact]
    public async Task Properties_AndEmptyTables_HaveRowsAsTheMetadataSays()
    {
        var metadata = new TableMetadata
        {
            FormatVersion = 2,
            Location = "s3://b/t",
            LastUpdatedMs = 1,
            LastColumnId = 1,
            Schemas = [new Schema(0, [new NestedField(1, "a", false, SimpleType.Int)])],
            CurrentSchemaId = 0,
            PartitionSpecs = [PartitionSpec.Unpartitioned],
            DefaultSpecId = 0,
            LastPartitionId = 999,
            SortOrders = [SortOrder.Unsorted],
            DefaultSortOrderId = 0,
            Properties = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("k", "v"),
        };
        var store = FixtureStore.TryOpen();
        if (store is null)
            return;
        Assert.Equal([["k", "v"]], await Read(MetadataTable.Create(MetadataTableKind.Properties, metadata, "m", store)));
        Assert.Single(await Read(MetadataTable.Create(MetadataTableKind.MetadataLogEntries, metadata, "m", store)));
        foreach (var kind in Enum.GetValues<MetadataTableKind>().Except([MetadataTableKind.Properties, MetadataTableKind.MetadataLogEntries]))
            Assert.Empty(await Read(MetadataTable.Create(kind, metadata, "m", store)));
    }

    [Fact]
    public void Parse_UnknownName_NamesTheOnesThereAre()
    {
        Assert.Equal(MetadataTableKind.MetadataLogEntries, MetadataTableNames.Parse("METADATA_LOG_ENTRIES"));
        var error = Assert.Throws<TarnException>(() => MetadataTableNames.Parse("nope"));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Contains("$snapshots", error.Message, StringComparison.Ordinal);
    }

    // Spark counts data and delete files of manifests apart, Trino together.
    private static string? FileCount(JsonElement row, string column) =>
        column.EndsWith("_data_files_count", StringComparison.Ordinal) && row.TryGetProperty(column.Replace("_data_", "_delete_", StringComparison.Ordinal), out var deletes)
            ? (row.GetProperty(column).GetInt32() + deletes.GetInt32()).ToString(CultureInfo.InvariantCulture)
            : null;

    private static async Task<List<object?[]>> Read(MetadataTable table)
    {
        var rows = new List<object?[]>();
        await foreach (object?[] row in table.Rows)
        {
            Assert.Equal(table.Schema.Fields.Count, row.Length);
            rows.Add(row);
        }

        return rows;
    }

    private static int IndexOf(MetadataTable table, NestedField field) => IndexOf(table, field.Name);

    private static int IndexOf(MetadataTable table, string name) => table.Schema.Fields.TakeWhile(f => f.Name != name).Count();

    private static string Line(NestedField[] columns, Func<NestedField, string> text) => string.Join(" | ", columns.Select(c => $"{c.Name}={text(c)}"));

    private static string Our(IcebergType type, object? value) => (type, value) switch
    {
        (_, null) => "null",
        (StructType s, object?[] fields) => $"{{{string.Join(',', s.Fields.Zip(fields).Where(f => !Different.Contains(f.First.Name)).OrderBy(f => f.First.Name, StringComparer.Ordinal).Select(f => $"{f.First.Name}={Our(f.First.Type, f.Second)}"))}}}",
        (ListType l, object?[] items) => $"[{string.Join(',', items.Select(i => Our(l.Element.Type, i)))}]",
        (MapType m, object?[] items) => $"[{string.Join(',', items.Select(i => $"[{Our(m.Key.Type, ((object?[])i!)[0])},{Our(m.Value.Type, ((object?[])i)[1])}]"))}]",
        (_, string text) when text.StartsWith('{') => Metrics(JsonDocument.Parse(text).RootElement),
        (_, byte[] bytes) => Convert.ToHexStringLower(bytes),
        (_, long micros) when type.Id == TypeId.TimestampTz => DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        _ => Transform.Identity.Bind(type).ToHumanString(value),
    };

    private static string Their(IcebergType type, JsonElement json) => (type, json.ValueKind) switch
    {
        (_, JsonValueKind.Null) => "null",
        (StructType s, _) => $"{{{string.Join(',', s.Fields.Where(f => !Different.Contains(f.Name)).OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => $"{f.Name}={(json.TryGetProperty(f.Name, out var v) ? Their(f.Type, v) : "null")}"))}}}",
        (ListType l, _) => $"[{string.Join(',', json.EnumerateArray().Select(i => Their(l.Element.Type, i)))}]",
        (MapType m, _) => $"[{string.Join(',', json.EnumerateArray().OrderBy(i => int.TryParse(i[0].ToString(), out int id) ? id : 0).Select(i => $"[{Their(m.Key.Type, i[0])},{Their(m.Value.Type, i[1])}]"))}]",
        (_, JsonValueKind.Object) => Metrics(json),
        (_, JsonValueKind.True) => "true",
        (_, JsonValueKind.False) => "false",
        (_, JsonValueKind.Number) when type.Id is TypeId.Double => Transform.Identity.Bind(type).ToHumanString(json.GetDouble()),
        _ => json.ToString(),
    };

    // Bounds of floating point and of times are written in too many ways: counts and the other bounds are compared.
    private static string Metrics(JsonElement json) => string.Join(' ', json.EnumerateObject().OrderBy(c => c.Name, StringComparer.Ordinal).Select(c =>
        $"{c.Name}({string.Join(',', c.Value.EnumerateObject().Where(v => !v.Name.EndsWith("_bound", StringComparison.Ordinal) || IsPlain(v.Value)).Select(v => v.Value.ValueKind == JsonValueKind.Null ? "null" : v.Value.ToString()))})"));

    private static bool IsPlain(JsonElement bound) => !bound.ToString().AsSpan().ContainsAny('.', 'T', ':') && bound.ValueKind != JsonValueKind.Null;
}
