using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Testing;
using Xunit.Abstractions;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>Every table of shared/fixtures/iceberg/foreign, found in the test data of other projects: read right, or refused for a reason that stands.</summary>
public sealed class ForeignTableTests(ITestOutputHelper output)
{
    private const int MinReadable = 55;
    private static readonly string[] Reasons = ["Orc delete files", "Orc data files", "type geometry", "type geography"];

    [Fact]
    public async Task SelectAll_EveryTable_IsRightOrRefusedByName()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign") is not { } folder)
            return;
        var wrong = new List<string>();
        int right = 0, refused = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "expected"), "*.json").Where(f => !Path.GetFileName(f).StartsWith('_')).Order())
        {
            using var expected = JsonDocument.Parse(File.ReadAllBytes(file));
            string name = expected.RootElement.GetProperty("name").GetString()!;
            foreach (var (place, problem, refusal) in await ReadAsync(folder, expected.RootElement))
            {
                if (refusal is not null)
                    output.WriteLine($"refused {name} {place}: {refusal}");
                right += problem is null && refusal is null && place == "current" ? 1 : 0;
                refused += refusal is not null && place == "current" ? 1 : 0;
                if (problem is not null)
                    wrong.Add($"{name} {place}: {problem}");
            }
        }

        output.WriteLine($"{right} right, {refused} refused, {wrong.Count} wrong");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(right >= MinReadable, $"{right} of {right + refused} read right");
    }

    private static async Task<List<(string Place, string? Problem, string? Refusal)>> ReadAsync(string folder, JsonElement expected)
    {
        var map = expected.GetProperty("location_map").EnumerateArray().Select(p => KeyValuePair.Create(p[0].GetString()!, Path.Combine(folder, p[1].GetString()!)));
        string metadataFile = Path.Combine(folder, expected.GetProperty("metadata_file").GetString()!);
        var results = new List<(string, string?, string?)>();
        await using var tables = new FixtureTables([.. map]);
        results.Add(await TryAsync("current", expected, () => CompareAsync(tables, folder, metadataFile, expected, expected)));
        foreach (var snapshot in expected.GetProperty("snapshots").EnumerateArray().Where(s => s.TryGetProperty("rows_sha256", out _)))
            results.Add(await TryAsync("snapshot " + snapshot.GetProperty("snapshot_id"), expected, () => CompareAsync(tables, folder, metadataFile, expected, snapshot)));
        return results;
    }

    private static async Task<(string, string?, string?)> TryAsync(string place, JsonElement expected, Func<Task<string?>> read)
    {
        try
        {
            return (place, await read(), null);
        }
        catch (TarnException e) when (MayRefuse(expected, e))
        {
            return (place, null, e.Message);
        }
        catch (Exception e)
        {
            return (place, $"{e.GetType().Name}: {e.Message}", null);
        }
    }

    // A refusal names the file or the column where it stands.
    private static bool MayRefuse(JsonElement expected, TarnException e) => e.Message.Contains('\'')
        && (expected.GetProperty("accept").EnumerateArray().Any(a => a.GetString() == "refuse") || (e.Kind == ErrorKind.Unsupported && Reasons.Any(e.Message.Contains)));

    private static async Task<string?> CompareAsync(FixtureTables tables, string folder, string metadataFile, JsonElement table, JsonElement expected)
    {
        var metadata = TableMetadataJson.Read(File.ReadAllBytes(metadataFile), metadataFile);
        var (schema, version) = (metadata.CurrentSchema, "");
        if (expected.TryGetProperty("snapshot_id", out var id))
        {
            var snapshot = metadata.FindSnapshot(long.Parse(id.GetString()!, System.Globalization.CultureInfo.InvariantCulture))!;
            schema = snapshot.SchemaId is { } schemaId ? metadata.Schema(schemaId) : schema;
            version = $" AS t AT (VERSION => {id.GetString()})";
        }

        // The fixtures' form says of each variant of which type it is, which JSON does not.
        if (Types.EngineType.Contains(schema.Struct, t => t.Id == TypeId.Variant))
            return expected.TryGetProperty("rows_sha256", out _) && version.Length == 0 ? await CompareVariantsAsync(tables, folder, metadataFile, schema, table) : null;
        var rows = await tables.ReadExactAsync(metadataFile, schema, version);
        if (!expected.TryGetProperty("rows_sha256", out var sha) || CanonicalText.Sha256(rows) == sha.GetString())
            return null;
        return $"{rows.Count} rows for {expected.GetProperty("row_count")}; {Example(folder, table, rows)}";
    }

    private static async Task<string?> CompareVariantsAsync(FixtureTables tables, string folder, string metadataFile, Schema schema, JsonElement table)
    {
        string[] expected = [.. File.ReadLines(Path.Combine(folder, "expected", table.GetProperty("rows_file").GetString()!)).Select(line => CanonicalRow.Text(schema, line)).Order(StringComparer.Ordinal)];
        var rows = await tables.ReadAsync(metadataFile, schema);
        return rows.SequenceEqual(expected) ? null : $"missing {expected.Except(rows).FirstOrDefault("-")}; extra {rows.Except(expected).FirstOrDefault("-")}";
    }

    private static string Example(string folder, JsonElement table, IReadOnlyList<string> rows)
    {
        string[] expected = File.ReadAllLines(Path.Combine(folder, "expected", table.GetProperty("rows_file").GetString()!));
        return $"missing {expected.Except(rows).FirstOrDefault("-")}; extra {rows.Except(expected).FirstOrDefault("-")}";
    }
}
