using System.Text.Json;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transforms;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Manifests;

public sealed class FixtureManifestTests
{
    [Fact]
    public void Read_TablesOfReferenceWriters_GiveExpectedFiles()
    {
        int tables = 0, files = 0;
        var faults = new List<string>();
        foreach (var table in FixtureTable.Own())
        {
            tables++;
            try
            {
                files += Check(table);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                faults.Add($"{table.Name}: {error.GetType().Name} {error.Message}");
            }
        }

        Console.WriteLine($"{tables} tables, {files} live files compared.");
        Assert.Empty(faults);
    }

    [Fact]
    public void Read_ForeignTables_EveryManifestDecodes()
    {
        var faults = new List<string>();
        foreach (var table in FixtureTable.Foreign())
        {
            try
            {
                CheckForeign(table);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                faults.Add($"{table.Name}: {error.GetType().Name} {error.Message}");
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void Read_ForeignManifestLists_GiveExpectedFacts()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign") is not { } folder)
            return;
        foreach (var list in JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected", "_manifest_lists.json"))).RootElement.EnumerateArray())
        {
            string file = list.GetProperty("file").GetString()!;
            byte[] bytes = File.ReadAllBytes(Path.Combine(folder, file));
            if (!list.TryGetProperty("facts", out var facts))
            {
                Assert.Contains("encrypted", Assert.Throws<Core.Errors.TarnException>(() => ManifestListReader.Read(bytes, file)).Message, StringComparison.Ordinal);
                continue;
            }

            var manifests = ManifestListReader.Read(bytes, file);
            Assert.Equal(facts.GetProperty("manifests").EnumerateArray().Select(m => Describe(m)), manifests.Select(Describe));
        }
    }

    private static string Describe(JsonElement m) =>
        $"{m.GetProperty("path")} {m.GetProperty("length")} {m.GetProperty("spec")} {m.GetProperty("content").GetString()} {m.GetProperty("seq")} {m.GetProperty("min_seq")} "
        + $"{m.GetProperty("snapshot")} {m.GetProperty("added")} {m.GetProperty("existing")} {m.GetProperty("deleted")} {m.GetProperty("added_rows")} {m.GetProperty("first_row_id")} {m.GetProperty("partitions")}";

    private static string Describe(ManifestFile m) =>
        $"{m.ManifestPath} {m.ManifestLength} {m.PartitionSpecId} {m.Content.ToString().ToUpperInvariant()} {m.SequenceNumber} {m.MinSequenceNumber} "
        + $"{m.AddedSnapshotId} {m.AddedFilesCount} {m.ExistingFilesCount} {m.DeletedFilesCount} {m.AddedRowsCount} {m.FirstRowId} {m.Partitions?.Count ?? -1}";

    private static void CheckForeign(FixtureTable table)
    {
        int deletes = 0, data = 0;
        foreach (var snapshot in table.Metadata.Snapshots)
        {
            IReadOnlyList<ManifestFile> manifests;
            try
            {
                manifests = table.Manifests(snapshot);
            }
            catch (FileNotFoundException) when (snapshot.SnapshotId != table.Metadata.CurrentSnapshotId)
            {
                continue;
            }

            foreach (var manifest in manifests)
            {
                var entries = table.Entries(manifest);
                if (manifest.AddedFilesCount is { } added)
                    Assert.Equal(added, entries.Count(e => e.Status == ManifestEntryStatus.Added));
                if (snapshot.SnapshotId != table.Metadata.CurrentSnapshotId)
                    continue;
                data += manifest.Content == ManifestContent.Data ? entries.Count(e => e.IsLive) : 0;
                deletes += manifest.Content == ManifestContent.Deletes ? entries.Count(e => e.IsLive) : 0;
            }
        }

        var expected = table.Expected.GetProperty("delete_files");
        Assert.Equal(expected.EnumerateObject().Sum(p => p.Value.GetInt32()), deletes);
        Assert.True(data > 0 || table.Expected.GetProperty("row_count").GetInt32() == 0, "there are rows and no data file");
    }

    private static int Check(FixtureTable table)
    {
        if (table.Metadata.CurrentSnapshot is not { } snapshot)
            return 0;
        var live = table.Manifests(snapshot).SelectMany(table.Entries).Where(e => e.IsLive)
            .OrderBy(e => e.DataFile.FilePath, StringComparer.Ordinal).ThenBy(e => e.DataFile.ContentOffset).ToArray();
        var expected = table.Expected.GetProperty("files").EnumerateArray()
            .OrderBy(f => f.GetProperty("path").GetString(), StringComparer.Ordinal)
            .ThenBy(f => f.TryGetProperty("content_offset", out var offset) ? offset.GetInt64() : 0).ToArray();
        Assert.Equal(expected.Select(f => f.GetProperty("path").GetString()), live.Select(e => e.DataFile.FilePath));
        for (int i = 0; i < live.Length; i++)
            CheckFile(table, expected[i], live[i]);
        return live.Length;
    }

    private static void CheckFile(FixtureTable table, JsonElement expected, ManifestEntry entry)
    {
        var file = entry.DataFile;
        Assert.Equal(expected.GetProperty("content").GetString(), file.Content switch
        {
            FileContent.Data => "DATA",
            FileContent.PositionDeletes => "POSITION_DELETES",
            _ => "EQUALITY_DELETES",
        });
        Assert.Equal(expected.GetProperty("format").GetString(), file.Format.ToString().ToUpperInvariant());
        Assert.Equal(expected.GetProperty("spec_id").GetInt32(), file.SpecId);
        Assert.Equal(expected.GetProperty("record_count").GetInt64(), file.RecordCount);
        Assert.Equal(expected.GetProperty("file_size").GetInt64(), file.FileSizeInBytes);
        Assert.Equal(expected.GetProperty("data_sequence_number").GetInt64(), entry.SequenceNumber);
        Assert.Equal(Number(expected, "file_sequence_number"), entry.FileSequenceNumber);
        Assert.Equal(Number(expected, "first_row_id"), file.FirstRowId);
        Assert.Equal(Number(expected, "content_offset"), file.ContentOffset);
        Assert.Equal(Number(expected, "content_size"), file.ContentSizeInBytes);
        Assert.Equal((int?)Number(expected, "sort_order_id"), file.SortOrderId);
        Assert.Equal(expected.TryGetProperty("referenced_data_file", out var referenced) ? referenced.GetString() : null, file.ReferencedDataFile);
        Assert.Equal(expected.TryGetProperty("equality_ids", out var ids) ? ids.EnumerateArray().Select(id => id.GetInt32()).ToArray() : null, file.EqualityIds);
        CheckPartition(table, expected.GetProperty("partition"), file);
        CheckMap(expected, "null_counts", file.NullValueCounts);
        CheckMap(expected, "nan_counts", file.NanValueCounts);
        CheckMap(expected, "value_counts", file.ValueCounts);
        CheckMap(expected, "lower", file.LowerBounds?.ToDictionary(b => b.Key, b => Convert.ToHexStringLower(b.Value)));
        CheckMap(expected, "upper", file.UpperBounds?.ToDictionary(b => b.Key, b => Convert.ToHexStringLower(b.Value)));
    }

    private static long? Number(JsonElement file, string name) =>
        file.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    private static void CheckMap<T>(JsonElement expected, string name, IReadOnlyDictionary<int, T>? actual) => Assert.Equal(
        expected.GetProperty(name).EnumerateObject().Select(p => $"{p.Name}={p.Value}").Order(StringComparer.Ordinal),
        (actual ?? new Dictionary<int, T>()).Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal));

    private static void CheckPartition(FixtureTable table, JsonElement expected, DataFile file)
    {
        var type = table.Metadata.PartitionType(table.Metadata.Spec(file.SpecId));
        Assert.Equal(
            expected.EnumerateObject().Select(p => $"{p.Name}={ExpectedValue.Text(p.Value)}"),
            type.Fields.Zip(file.Partition).Select(p => $"{p.First.Name}={ExpectedValue.Text(p.First.Type, p.Second)}"));
    }
}
