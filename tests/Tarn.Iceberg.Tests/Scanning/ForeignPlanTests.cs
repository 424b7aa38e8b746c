using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Inspection;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Scanning;

/// <summary>Plans tables that many different programs wrote, every snapshot of them, and shows their metadata tables.</summary>
public sealed class ForeignPlanTests
{
    [Fact]
    public async Task PlanAsync_EverySnapshot_GivesItsRowsAndDeletes()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign") is not { } folder)
            return;
        var wrong = new List<string>();
        int states = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "expected"), "*.json").Order(StringComparer.Ordinal))
        {
            var expected = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
            if (Path.GetFileName(file).StartsWith('_'))
                continue;
            string name = Path.GetFileNameWithoutExtension(file);
            bool mayRefuse = expected.GetProperty("accept").EnumerateArray().Any(a => a.GetString() == "refuse");
            try
            {
                foreach (string problem in await Problems(folder, expected))
                    wrong.Add($"{name}: {problem}");
                states++;
            }
            catch (TarnException e) when (mayRefuse)
            {
                Console.WriteLine($"{name} refused: {e.Message}");
            }
            catch (TarnException e)
            {
                wrong.Add($"{name}: {e.Message}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(states >= 55, $"{states} tables");
    }

    private static async Task<IReadOnlyList<string>> Problems(string folder, JsonElement expected)
    {
        var map = new LocationMap([.. expected.GetProperty("location_map").EnumerateArray().Select(p => KeyValuePair.Create(p[0].GetString()!, $"{folder}/{p[1].GetString()}"))]);
        var store = new FixtureStore(folder, map);
        string metadataFile = expected.GetProperty("metadata_file").GetString()!;
        var metadata = store.Metadata(metadataFile);
        var planner = new ScanPlanner(store, new ManifestCache(), map);
        var problems = new List<string>();
        var scans = expected.GetProperty("snapshots").EnumerateArray()
            .Where(s => s.TryGetProperty("row_count", out var rows) && rows.ValueKind == JsonValueKind.Number)
            .Select(s => (Scan: TableScan.Of(metadata).UseSnapshot(long.Parse(s.GetProperty("snapshot_id").ToString(), System.Globalization.CultureInfo.InvariantCulture)), Rows: s.GetProperty("row_count").GetInt64()))
            .Append((Scan: TableScan.Of(metadata), Rows: expected.GetProperty("row_count").GetInt64()));
        ScanPlan? last = null;
        foreach (var (scan, rows) in scans)
        {
            last = await planner.PlanAsync(scan);
            bool deletes = last.Tasks.Any(t => t.Deletes.Count > 0);
            if (deletes ? last.Metrics.RecordsKept < rows : last.Metrics.RecordsKept != rows)
                problems.Add($"snapshot {scan.Snapshot?.SnapshotId} has {last.Metrics.RecordsKept} rows, not {rows}");
        }

        long deleteFiles = expected.GetProperty("delete_files").EnumerateObject().Sum(p => p.Value.GetInt64());
        if (last!.Metrics.DeleteFilesIndexed != deleteFiles)
            problems.Add($"{last.Metrics.DeleteFilesIndexed} delete files, not {deleteFiles}");
        foreach (var kind in Enum.GetValues<MetadataTableKind>())
        {
            var table = MetadataTable.Create(kind, metadata, metadataFile, store);
            await foreach (object?[] row in table.Rows)
            {
                if (row.Length != table.Schema.Fields.Count)
                    problems.Add($"{kind} has rows of {row.Length} values");
            }
        }

        return problems;
    }
}
