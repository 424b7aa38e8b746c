using System.Text.Json;
using System.Text.Json.Nodes;
using Tarn.Interop.Tests.Lake;
using Tarn.Interop.Tests.Peers;

namespace Tarn.Interop.Tests;

/// <summary>
/// Tables that Tarn wrote, read by icebird with hyparquet, in JavaScript. Only columns that it keeps exactly are compared: its numbers are doubles where decimals
/// are meant, and its moments end at the millisecond.
/// </summary>
[Collection(ForeignLakeCollection.Name)]
public sealed class IcebirdTests(ForeignLakes lakes)
{
    private static readonly Dictionary<string, Dictionary<string, string>> Columns = new()
    {
        ["bronze.orders"] = new() { ["category"] = "string", ["status"] = "string" },
        ["silver.orders"] = new() { ["line_number"] = "int", ["order_date"] = "date", ["region"] = "string", ["category"] = "string", ["quantity"] = "int", ["status"] = "string" },
        ["gold.sales_by_month"] = new() { ["month"] = "date", ["region"] = "string", ["category"] = "string", ["orders"] = "long", ["pieces"] = "long" },
        ["gold.returns"] = new() { ["category"] = "string", ["lines"] = "long", ["returned"] = "long" },
        ["gold.top_customers"] = new() { ["region"] = "string", ["orders"] = "long" },
        ["types.v1"] = new() { ["id"] = "int", ["b"] = "boolean", ["i"] = "int", ["l"] = "long", ["d"] = "double", ["day"] = "date", ["s"] = "string" },
        ["types.v2"] = new() { ["id"] = "int", ["b"] = "boolean", ["i"] = "int", ["l"] = "long", ["f"] = "double", ["day"] = "date", ["s"] = "string" },
        ["types.nothing"] = new() { ["x"] = "int", ["s"] = "string", ["d"] = "double" },
        ["changes.layout"] = new() { ["id"] = "long", ["d"] = "date", ["region"] = "string" },
        ["changes.history"] = new() { ["n"] = "int", ["k"] = "string" },
        ["changes.sorted"] = new() { ["id"] = "int", ["s"] = "string", ["d"] = "double" },
        ["parts.bucket_s"] = new() { ["id"] = "int", ["l"] = "long", ["s"] = "string" },
    };

    [Fact]
    public async Task Lake_ReadByIcebird_SameRows()
    {
        if (await PeerCache.NpmAsync("icebird-0.3.1", "icebird@0.3.1", "hyparquet", "hyparquet-compressors") is not { } packages)
            return;
        var readings = lakes.OnFiles.Readings.Where(r => r.Snapshot is null && Columns.ContainsKey(r.Table)).ToArray();
        var requests = readings.Select(r => JsonSerializer.Serialize(new { key = r.Key, metadata = r.Location, columns = Columns[r.Table] }));
        var answers = PeerAnswer.Parse(await PeerProcess.RunAsync("node", [PeerProcess.Script("read_icebird.mjs"), packages], requests)).ToDictionary(a => a.Key);
        var differences = new Differences("icebird", []);
        foreach (var reading in readings)
            differences.Compare(reading with { Rows = [.. reading.Rows.Select(row => Project(row, Columns[reading.Table].Keys)).Order(StringComparer.Ordinal)] }, answers.GetValueOrDefault(reading.Key));
        differences.Verify();
        Assert.Equal(Columns.Count, readings.Length);
    }

    private static string Project(string row, IEnumerable<string> columns)
    {
        var whole = JsonNode.Parse(row)!.AsObject();
        return CanonicalRow.Text(new JsonObject(columns.Select(c => KeyValuePair.Create(c, whole[c]?.DeepClone()))));
    }
}
