using System.Globalization;
using System.Text.Json;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Tests.Scanning;

/// <summary>Plans every table of the shared fixtures and compares with what other implementations found.</summary>
public sealed class FixturePlanTests
{
    [Fact]
    public async Task PlanAsync_WithoutFilter_GivesTheLiveFiles()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var wrong = new List<string>();
        int tables = 0;
        foreach (var table in ExpectedTable.All(store))
        {
            tables++;
            var metadata = store.Metadata(table.MetadataFile);
            var plan = await new ScanPlanner(store).PlanAsync(TableScan.Of(metadata) with { IncludeColumnStats = true });
            var expected = table.Files.Where(f => f.GetProperty("content").GetString() == "DATA").ToDictionary(f => f.GetProperty("path").GetString()!);
            var actual = plan.Tasks.ToDictionary(t => t.File.FilePath);
            wrong.AddRange(expected.Keys.Except(actual.Keys).Select(p => $"{table.Name}: lacks {p}"));
            wrong.AddRange(actual.Keys.Except(expected.Keys).Select(p => $"{table.Name}: has {p} too"));
            wrong.AddRange(actual.Where(a => expected.ContainsKey(a.Key)).SelectMany(a => Differences(metadata, a.Value, expected[a.Key])).Select(d => $"{table.Name}: {d}"));
            if (plan.Metrics.FilesTotal != actual.Count || plan.Metrics.RecordsKept != plan.Tasks.Sum(t => t.File.RecordCount))
                wrong.Add($"{table.Name}: metrics do not add up");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(40)));
        Assert.True(tables >= 182, $"{tables} tables");
    }

    [Fact]
    public async Task PlanAsync_PruningLists_KeepsWhatMatchesAndNoMoreThanTheReference()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var wrong = new List<string>();
        int predicates = 0;
        foreach (var table in ExpectedTable.All(store).Where(t => t.Json.TryGetProperty("pruning", out _)))
        {
            var metadata = store.Metadata(table.MetadataFile);
            var cache = new ManifestCache();
            foreach (var item in table.Json.GetProperty("pruning").EnumerateArray())
            {
                predicates++;
                var predicate = item.GetProperty("predicate");
                var plan = await new ScanPlanner(store, cache).PlanAsync(TableScan.Of(metadata).Where(ExpressionJson.Read(predicate, table.Name)));
                var kept = plan.Tasks.Select(t => table.Shorten(t.File.FilePath)).ToHashSet();
                var reference = References(table, item);
                var must = item.TryGetProperty("files_must_keep", out var list) ? list.EnumerateArray().Select(f => f.GetString()!).ToHashSet() : [];
                string what = $"{table.Name} {predicate}";
                wrong.AddRange(must.Except(kept).Select(f => $"{what}: drops {f}, which holds a match"));
                wrong.AddRange(kept.Except(reference).Except(must).Where(f => !item.TryGetProperty("judge", out _)).Select(f => $"{what}: keeps {f} too"));
                int matching = item.TryGetProperty("files_with_rows", out var count) ? count.GetInt32() : 0;
                if (kept.Count < matching)
                    wrong.Add($"{what}: keeps {kept.Count} of {matching} files that hold a match");
                wrong.AddRange(reference.Except(kept).Where(f => !MaySharpen(table, item, predicate)).Select(f => $"{what}: drops {f}, which the reference keeps"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(60)));
        Assert.True(predicates >= 800, $"{predicates} predicates");
    }

    [Fact]
    public async Task PlanAsync_Residuals_AreThoseOfTheReference()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var wrong = new List<string>();
        int compared = 0;
        foreach (var table in ExpectedTable.All(store).Where(t => t.Json.TryGetProperty("pruning", out _)))
        {
            var metadata = store.Metadata(table.MetadataFile);
            var cache = new ManifestCache();
            foreach (var item in table.Json.GetProperty("pruning").EnumerateArray().Where(i => i.TryGetProperty("residuals", out _)))
            {
                var plan = await new ScanPlanner(store, cache).PlanAsync(TableScan.Of(metadata).Where(ExpressionJson.Read(item.GetProperty("predicate"), table.Name)));
                foreach (var task in plan.Tasks)
                {
                    if (!item.GetProperty("residuals").TryGetProperty(table.Shorten(task.File.FilePath), out var json))
                        continue;
                    compared++;
                    var expected = ExpressionJson.Read(json, table.Name).Bind(metadata.CurrentSchema);
                    if (!expected.Equals(task.Residual))
                        wrong.Add($"{table.Name} {item.GetProperty("predicate")}: {task.Residual}, not {expected}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(60)));
        Assert.True(compared >= 1000, $"{compared} residuals");
    }

    [Fact]
    public async Task PlanAsync_SnapshotsAndReferences_GiveTheirRows()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var wrong = new List<string>();
        int checkedStates = 0;
        foreach (var table in ExpectedTable.All(store))
        {
            var metadata = store.Metadata(table.MetadataFile);
            var scans = table.Json.GetProperty("snapshots").EnumerateArray()
                .Select(s => (Json: s, Scan: (Func<TableScan>)(() => TableScan.Of(metadata).UseSnapshot(s.GetProperty("snapshot_id").GetInt64()))))
                .Concat(table.Json.GetProperty("refs").EnumerateObject().Select(r => (Json: r.Value, Scan: (Func<TableScan>)(() => TableScan.Of(metadata).UseRef(r.Name)))));
            foreach (var (json, open) in scans)
            {
                if (!json.TryGetProperty("row_count", out var rows) || rows.ValueKind != JsonValueKind.Number)
                    continue;
                var plan = await new ScanPlanner(store).PlanAsync(open());
                long records = plan.Metrics.RecordsKept;
                bool deletes = plan.Tasks.Any(t => t.Deletes.Count > 0);
                checkedStates += deletes ? 0 : 1;
                if (deletes ? records < rows.GetInt64() : records != rows.GetInt64())
                    wrong.Add($"{table.Name} {json.GetRawText()[..60]}: {records} rows, not {rows}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(40)));
        Assert.True(checkedStates >= 300, $"{checkedStates} states");
    }

    private static HashSet<string> References(ExpectedTable table, JsonElement item) =>
        item.TryGetProperty("files", out var files)
            ? [.. files.EnumerateArray().Select(f => f.GetString()!)]
            : [.. item.GetProperty("files_at").EnumerateArray().Select(i => table.Shorten(table.Files[i.GetInt32()].GetProperty("path").GetString()!))];

    // The reference orders uuids as signed numbers and holds -0.0 below 0.0.
    private static bool MaySharpen(ExpectedTable table, JsonElement item, JsonElement predicate) =>
        item.TryGetProperty("judge", out _) || predicate.GetRawText().Contains("-0.0", StringComparison.Ordinal)
        || (table.Name.EndsWith("_uuid", StringComparison.Ordinal) && predicate.GetProperty("type").GetString() is "lt" or "lt-eq" or "gt" or "gt-eq");

    private static IEnumerable<string> Differences(TableMetadata metadata, FileScanTask task, JsonElement expected)
    {
        var file = task.File;
        var actual = new Dictionary<string, string?>
        {
            ["record_count"] = Text(file.RecordCount),
            ["file_size"] = Text(file.FileSizeInBytes),
            ["format"] = file.Format.ToString().ToUpperInvariant(),
            ["spec_id"] = Text((long)file.SpecId),
            ["data_sequence_number"] = Text(task.SequenceNumber),
            ["file_sequence_number"] = Text(task.FileSequenceNumber),
            ["first_row_id"] = Text(task.FirstRowId),
            ["sort_order_id"] = Text((long?)file.SortOrderId),
            ["partition_path"] = task.Spec.ToPath(metadata.PartitionType(task.Spec), file.Partition),
            ["value_counts"] = Map(file.ValueCounts, Text),
            ["null_counts"] = Map(file.NullValueCounts, Text),
            ["nan_counts"] = Map(file.NanValueCounts, Text),
            ["lower"] = Map(file.LowerBounds, Convert.ToHexStringLower),
            ["upper"] = Map(file.UpperBounds, Convert.ToHexStringLower),
        };
        foreach (var (name, value) in actual)
        {
            string wanted = expected.TryGetProperty(name, out var json) && json.ValueKind != JsonValueKind.Null ? Canonical(json) : "";
            if (wanted != (value ?? ""))
                yield return $"{file.FilePath}: {name} is '{value}', not '{wanted}'";
        }
    }

    private static string Canonical(JsonElement json) => json.ValueKind == JsonValueKind.Object
        ? string.Join(' ', json.EnumerateObject().OrderBy(p => int.Parse(p.Name, CultureInfo.InvariantCulture)).Select(p => $"{p.Name}={p.Value}"))
        : json.ToString();

    private static string Map<T>(IReadOnlyDictionary<int, T>? map, Func<T, string?> text) =>
        map is null ? "" : string.Join(' ', map.OrderBy(p => p.Key).Select(p => $"{p.Key}={text(p.Value)}"));

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(long number) => Text((long?)number);
}
