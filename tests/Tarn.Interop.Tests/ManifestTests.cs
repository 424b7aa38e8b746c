using System.Text.Json;
using System.Text.Json.Nodes;
using Tarn.Interop.Tests.Lake;
using Tarn.Interop.Tests.Peers;
using Tarn.Testing;

namespace Tarn.Interop.Tests;

/// <summary>What Tarn's manifests say, held against the files and decoded by others.</summary>
[Collection(ForeignLakeCollection.Name)]
public sealed class ManifestTests(ForeignLakes lakes)
{
    private const string DecodeAll = """
        import pathlib, sys, warnings
        import avro.datafile, avro.io
        warnings.simplefilter("ignore")
        for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.avro")):
            with open(path, "rb") as file:
                try:
                    print(path, sum(1 for _ in avro.datafile.DataFileReader(file, avro.io.DatumReader())))
                except Exception as error:
                    print(path, "FAILED", type(error).__name__, error)
        """;

    [Fact]
    public async Task Manifests_HeldAgainstTheirFiles_CountsBoundsPartitionsAndPruningAreRight()
    {
        if (await PeerCache.PythonAsync() is not { } python)
            return;
        var tables = lakes.OnFiles.Readings.Where(r => r.Snapshot is null).ToArray();
        var requests = tables.Select(r => JsonSerializer.Serialize(new { key = r.Key, metadata = r.Location, column = FilterColumn(r.Table) }));
        var answers = (await PeerProcess.RunAsync(python, [PeerProcess.Script("judge_files.py")], requests)).Select(line => JsonNode.Parse(line)!).ToArray();
        var problems = answers.SelectMany(a => a["problems"]!.AsArray().Select(p => $"{a["key"]}: {p}"));
        Assert.Empty(problems);
        Assert.Equal(tables.Length, answers.Length);
        Assert.True(answers.Sum(a => a["files"]!.GetValue<int>()) > 250);
    }

    [Fact]
    public void AvroFiles_DecodedByTheAvroProject_AllRecordsDecode()
    {
        if (!PythonTool.Has("avro"))
            return;
        var lines = PythonTool.Run("avro", DecodeAll, lakes.Own.Folder.Path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain(lines, line => line.Contains("FAILED", StringComparison.Ordinal));
        Assert.True(lines.Length > 150, $"only {lines.Length} Avro files");
    }

    [Fact]
    public async Task Metadata_InspectedByIcebergJava_EverythingDecodesAndAddsUp()
    {
        if (await IcebergJava.InspectAsync(lakes.Own) is not { } inspected)
            return;
        List<string> problems = [];
        foreach (var reading in lakes.Own.Readings.Where(r => r.Snapshot is null))
            problems.AddRange(Problems(JsonNode.Parse(inspected[reading.Key])!, reading).Select(p => $"{reading.Key} ({reading.Metadata}): {p}"));
        Assert.Empty(problems);
    }

    // PyIceberg 0.12 cannot compare the values of identity(uuid) partitions.
    private static string? FilterColumn(string table)
        => table.StartsWith("parts.", StringComparison.Ordinal) && table.IndexOf('_') is > 0 and var at && table != "parts.identity_u" ? table[(at + 1)..] : null;

    private static IEnumerable<string> Problems(JsonNode table, Reading reading)
    {
        string text = table.ToJsonString();
        foreach (string sign in (string[])["\"error\":", "\"partition_error\":", "\"?"])
        {
            if (text.Contains(sign, StringComparison.Ordinal))
                yield return $"Iceberg Java could not decode all of it ({sign})";
        }

        var manifests = table["manifests"]!.AsArray().ToDictionary(m => m!["path"]!.GetValue<string>(), m => m!);
        foreach (var (path, manifest) in manifests)
        {
            foreach (string status in (string[])["added", "existing", "deleted"])
            {
                var entries = manifest["entries"]!.AsArray().Where(e => e!["status"]!.GetValue<string>() == status).ToArray();
                if (manifest[$"{status}_files"]!.GetValue<int>() != entries.Length || manifest[$"{status}_rows"]!.GetValue<long>() != entries.Sum(Rows))
                    yield return $"{path} counts its {status} files or rows wrong";
            }
        }

        string? current = table["current_snapshot_id"]?.ToString();
        var snapshot = table["snapshots"]!.AsArray().FirstOrDefault(s => s!["snapshot_id"]!.ToString() == current);
        long live = snapshot?["manifests"]!.AsArray().SelectMany(m => manifests[m!.GetValue<string>()]["entries"]!.AsArray())
            .Where(e => e!["status"]!.GetValue<string>() != "deleted").Sum(Rows) ?? 0;
        if (live != reading.Rows.Count || (snapshot is not null && snapshot["summary"]!["total-records"]!.GetValue<string>() != $"{live}"))
            yield return $"{live} live rows, {reading.Rows.Count} read, {snapshot?["summary"]!["total-records"]} in the summary";
    }

    private static long Rows(JsonNode? entry) => entry!["record_count"]!.GetValue<long>();
}
