using System.Globalization;
using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Engine.Ingest;
using Tarn.Testing;
using Xunit.Abstractions;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>
/// Every CSV, TSV, JSON and Parquet file of a folder with data from the world (npm's vega-datasets; the environment variable TARN_REAL_DATA names
/// the folder): the rows are those that plain parsers read, or the file is refused by name.
/// </summary>
public sealed class RealDataTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Ingest_EveryFile_KeepsEveryValue()
    {
        if (Environment.GetEnvironmentVariable("TARN_REAL_DATA") is not { Length: > 0 } folder)
        {
            LoudSkip.Say("TARN_REAL_DATA names no folder with data files (npm's vega-datasets/data); ingest of real data was not proven.");
            return;
        }

        var wrong = new List<string>();
        foreach (string file in Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".csv" or ".tsv" or ".json" or ".parquet").Order())
        {
            await using var lake = new IngestLake();
            string? problem = await CompareAsync(lake, file);
            if (problem is not null)
                wrong.Add($"{Path.GetFileName(file)}: {problem}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private async Task<string?> CompareAsync(IngestLake lake, string file)
    {
        IngestResult result;
        try
        {
            result = await lake.IngestAsync(file);
        }
        catch (TarnException e) when (e.Message.Contains(Path.GetFileName(file), StringComparison.Ordinal))
        {
            output.WriteLine($"refused {e.Message}");
            return null;
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }

        string[] counted = await lake.RowsAsync("SELECT count(*) FROM s.t");
        output.WriteLine($"{Path.GetFileName(file)}: {result.RowCount} rows");
        if (counted[0] != result.RowCount.ToString(CultureInfo.InvariantCulture))
            return $"{result.RowCount} rows said, {counted[0]} there";
        if (Path.GetExtension(file) == ".parquet")
            return await ParquetAsync(lake, file);
        using var expected = JsonDocument.Parse(Path.GetExtension(file) == ".json" ? File.ReadAllBytes(file).AsSpan().TrimStart("\uFEFF"u8).ToArray() : DelimitedJson(file));
        JsonElement[] rows = expected.RootElement.ValueKind == JsonValueKind.Array ? [.. expected.RootElement.EnumerateArray()] : [expected.RootElement];
        string[] actual = await lake.RowsAsync("SELECT to_json(t)::VARCHAR FROM s.t AS t");
        if (rows.Length != actual.Length)
            return $"{actual.Length} rows instead of {rows.Length}";
        for (int i = 0; i < rows.Length; i++)
        {
            using var row = JsonDocument.Parse(actual[i]);
            if (JsonAgreement.Difference(rows[i], row.RootElement) is { } difference)
                return $"row {i}: {difference}";
        }

        return null;
    }

    private static async Task<string?> ParquetAsync(IngestLake lake, string file)
    {
        string[] difference = await lake.RowsAsync($"SELECT count(*) FROM (SELECT hash(COLUMNS(*)::VARCHAR) FROM s.t EXCEPT ALL SELECT hash(COLUMNS(*)::VARCHAR) FROM read_parquet('{file}'))");
        return difference[0] == "0" ? null : $"{difference[0]} rows differ";
    }

    private static byte[] DelimitedJson(string file)
    {
        var records = DelimitedText.Read(File.ReadAllText(file, Encoding.UTF8), Path.GetExtension(file) == ".tsv" ? '\t' : ',').ToArray();
        var rows = records.Skip(1).Select(r => records[0].Zip(r).ToDictionary(p => p.First, p => p.Second.Length == 0 ? null : p.Second));
        return JsonSerializer.SerializeToUtf8Bytes(rows);
    }
}
