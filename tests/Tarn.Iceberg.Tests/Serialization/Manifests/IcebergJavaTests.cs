using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transforms;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Manifests;

/// <summary>Fixture tables whose current manifests and manifest list are written again by Tarn, read by Iceberg Java.</summary>
public sealed class IcebergJavaTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("part_identity_fixed_4")]
    [InlineData("part_combined")]
    [InlineData("spark_mor_v3")]
    [InlineData("types_v1_parquet")]
    public async Task ReadTable_ManifestsWrittenAgain_GiveTheSameRows(string name)
    {
        if (SharedFolder.TryGet("peers", "spark", "read.sh") is not { } reader || FixtureTable.Own().FirstOrDefault(t => t.Name == name) is not { } table)
            return;
        if (!HasJava())
        {
            Console.WriteLine("SKIPPED: no java is installed; Iceberg Java's opinion was not asked.");
            return;
        }

        string folder = Directory.CreateTempSubdirectory("tarn-java-").FullName;
        try
        {
            string tables = SharedFolder.TryGet("fixtures", "iceberg", "tables")!;
            string rows = await RunAsync(reader, Rewrite(table, tables, folder), "--map", $"/fixtures/iceberg/tables/={tables}/", "--map", $"file:/fixtures/iceberg/tables/={tables}/");
            Assert.Equal(Canonical(File.ReadAllText(Path.Combine(tables, "expected", name + ".ndjson"))), Canonical(rows));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Rewrite(FixtureTable table, string tables, string folder)
    {
        var metadata = table.Metadata;
        var snapshot = metadata.CurrentSnapshot!;
        var manifests = table.Manifests(snapshot).Select((m, i) => Rewrite(table, m, Path.Combine(folder, $"m{i}.avro"))).ToArray();
        string list = Path.Combine(folder, "list.avro");
        long? firstRowId = metadata.FormatVersion == 3 ? snapshot.FirstRowId : null;
        File.WriteAllBytes(list, ManifestListWriter.Write(metadata.FormatVersion, snapshot.SnapshotId, snapshot.ParentSnapshotId, snapshot.SequenceNumber, firstRowId, manifests).Bytes);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(tables, table.Expected.GetProperty("metadata_file").GetString()!)))!;
        json["snapshots"]!.AsArray().Single(s => (long)s!["snapshot-id"]! == snapshot.SnapshotId)!["manifest-list"] = list;
        string file = Path.Combine(folder, "v1.metadata.json");
        File.WriteAllText(file, json.ToJsonString());
        return file;
    }

    private static ManifestFile Rewrite(FixtureTable table, ManifestFile manifest, string location)
    {
        var metadata = table.Metadata;
        var spec = metadata.Spec(manifest.PartitionSpecId);
        var writer = new ManifestWriter(metadata.FormatVersion, metadata.CurrentSchema, spec, metadata.PartitionType(spec), manifest.Content, manifest.AddedSnapshotId);
        foreach (var entry in table.Entries(manifest))
            writer.Append(entry);
        var (bytes, written) = writer.Finish(location);
        File.WriteAllBytes(location, bytes);
        return written with { SequenceNumber = manifest.SequenceNumber, MinSequenceNumber = manifest.MinSequenceNumber, FirstRowId = manifest.FirstRowId };
    }

    private static string[] Canonical(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => Text(JsonDocument.Parse(line).RootElement)).Order(StringComparer.Ordinal)];

    // Numbers by value: the same one is printed in several ways.
    private static string Text(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => string.Join(',', json.EnumerateObject().Select(p => $"{p.Name}:{Text(p.Value)}").Order(StringComparer.Ordinal)),
        JsonValueKind.Array => $"[{string.Join(',', json.EnumerateArray().Select(Text))}]",
        JsonValueKind.Number => json.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => json.ToString(),
    };

    private static bool HasJava() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, "java")));

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Limit);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
