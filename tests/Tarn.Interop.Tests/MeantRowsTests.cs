using System.Text.Json.Nodes;
using Tarn.Interop.Tests.Lake;

namespace Tarn.Interop.Tests;

/// <summary>The rows that the lake is meant to hold, written down, so that a writer and its readers cannot be wrong in the same way.</summary>
[Collection(ForeignLakeCollection.Name)]
public sealed class MeantRowsTests(ForeignLakes lakes)
{
    [Fact]
    public void Lake_ReadByTarn_RowsAsMeant()
    {
        var meant = File.ReadLines(Path.Join(AppContext.BaseDirectory, "Lake", "meant.ndjson")).Select(line => JsonNode.Parse(line)!)
            .ToLookup(line => line["table"]!.GetValue<string>(), line => CanonicalRow.Text(line["row"]));
        Assert.Equal(7, meant.Count);
        foreach (var table in meant)
            Assert.Equal(table.Order(StringComparer.Ordinal), Current(table.Key));
        foreach (string copy in (string[])["types.v2", "types.v3"])
            Assert.Equal(Current("types.v1"), Current(copy));
        foreach (string copy in (string[])["types.timeless_v1", "types.timeless_v2", "types.timeless_v3"])
            Assert.Equal(Timeless("types.v1"), Current(copy));
    }

    [Fact]
    public void Lake_PartitionedInAnyWay_SameRows()
    {
        string[] source = [.. Current("parts.source")], timeless = Timeless("parts.source");
        foreach (var reading in lakes.Own.Readings.Where(r => r.Table.StartsWith("parts.", StringComparison.Ordinal) && r.Table != "parts.source"))
            Assert.Equal(reading.Table.EndsWith($"_{LakeScript.Clock}", StringComparison.Ordinal) ? source : timeless, reading.Rows);
    }

    /// <summary>The rows without the column that some readers refuse.</summary>
    private string[] Timeless(string table) =>
    [
        .. Current(table).Select(row =>
        {
            var cells = JsonNode.Parse(row)!.AsObject();
            Assert.True(cells.Remove(LakeScript.Clock));
            return CanonicalRow.Text(cells);
        }).Order(StringComparer.Ordinal),
    ];

    private IReadOnlyList<string> Current(string table) => lakes.Own.Readings.Single(r => r.Key == table).Rows;
}
