using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Testing;
using Xunit.Abstractions;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>Every table of shared/fixtures/iceberg/tables, written by Iceberg Java, Spark and PyIceberg: read right, or refused for ORC files or a type that stands here.</summary>
public sealed class SharedTableTests(ITestOutputHelper output)
{
    private const int MinReadable = 161;

    private static readonly string[] Reasons = ["Orc data files", "Orc delete files", "of type geometry", "of type geography"];

    [Fact]
    public async Task SelectAll_EveryTable_IsRightOrRefusedByName()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "tables") is not { } folder)
            return;
        await using var tables = FixtureTables.OfShared(folder);
        var wrong = new List<string>();
        int right = 0, refused = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "expected"), "*.json").Where(f => !f.EndsWith(".inspect.json", StringComparison.Ordinal)).Order())
        {
            using var expected = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!expected.RootElement.TryGetProperty("table", out var name))
                continue;
            string metadataFile = Path.Combine(folder, expected.RootElement.GetProperty("metadata_file").GetString()!);
            try
            {
                string? problem = await CompareAsync(tables, folder, metadataFile, expected.RootElement);
                if (problem is null)
                    right++;
                else
                    wrong.Add($"{name}: {problem}");
            }
            catch (TarnException e) when (e.Kind == ErrorKind.Unsupported && Reasons.Any(e.Message.Contains))
            {
                refused++;
                output.WriteLine($"refused {name}: {(e.Message.Length > 150 ? e.Message[..150] : e.Message)}");
            }
            catch (Exception e)
            {
                wrong.Add($"{name}: {e.GetType().Name}: {e.Message}");
            }
        }

        output.WriteLine($"{right} right, {refused} refused, {wrong.Count} wrong");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(right >= MinReadable, $"{right} of {right + refused} read right");
    }

    private static async Task<string?> CompareAsync(FixtureTables tables, string folder, string metadataFile, JsonElement expected)
    {
        var metadata = TableMetadataJson.Read(File.ReadAllBytes(metadataFile), metadataFile);
        var actual = await tables.ReadAsync(metadataFile, metadata.CurrentSchema);
        if (Difference(folder, metadata.CurrentSchema, expected.GetProperty("current"), actual) is { } difference)
            return difference;
        foreach (var snapshot in expected.GetProperty("snapshots").EnumerateArray())
        {
            long id = snapshot.GetProperty("snapshot_id").GetInt64();
            if (metadata.FindSnapshot(id) is not { } known || snapshot.GetProperty("rows_file").ValueKind == JsonValueKind.Null)
                continue;
            var schema = known.SchemaId is { } schemaId ? metadata.Schema(schemaId) : metadata.CurrentSchema;
            if (Difference(folder, schema, snapshot, await tables.ReadAsync(metadataFile, schema, $" AS t AT (VERSION => {id})")) is { } older)
                return $"snapshot {id}: {older}";
        }

        return null;
    }

    private static string? Difference(string folder, Schema schema, JsonElement expected, IReadOnlyList<string> actual)
    {
        string[] rows = [.. File.ReadLines(Path.Combine(folder, "expected", expected.GetProperty("rows_file").GetString()!)).Select(line => CanonicalRow.Text(schema, line)).Order(StringComparer.Ordinal)];
        if (rows.SequenceEqual(actual))
            return null;
        string missing = rows.Except(actual).FirstOrDefault("-"), extra = actual.Except(rows).FirstOrDefault("-");
        return $"{actual.Count} rows instead of {rows.Length}; missing {missing}; extra {extra}";
    }
}
