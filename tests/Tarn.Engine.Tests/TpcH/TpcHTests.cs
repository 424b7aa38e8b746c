using System.Globalization;
using Tarn.DuckDb.Types;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Engine.Tests.TpcH;

/// <summary>TPC-H's 22 queries over Iceberg tables at scale 0.01 give the published answers. Larger scales are proven by <c>bench/tpch</c>.</summary>
public sealed class TpcHTests
{
    [Fact]
    public async Task Queries_AtScale001_GiveTheAnswers()
    {
        if (SharedFolder.TryGet("data", "tpch") is not { } folder)
            return;
        using var data = new TemporaryFolder();
        await using var lake = TestLake.Open(data.Path);
        await RunAsync(lake.Session, "CREATE SCHEMA tpch");
        await RunAsync(lake.Session, "USE tpch");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "sf0.01"), "*.parquet"))
            await RunAsync(lake.Session, $"CREATE TABLE {Path.GetFileNameWithoutExtension(file)} AS SELECT * FROM '{file}'");
        var wrong = new List<string>();
        foreach (string query in Directory.EnumerateFiles(Path.Combine(folder, "queries"), "*.sql").Order())
        {
            string name = Path.GetFileNameWithoutExtension(query);
            var rows = await RunAsync(lake.Session, await File.ReadAllTextAsync(query));
            if (TpcHAnswer.Difference(Path.Combine(folder, "answers", "sf0.01", name + ".csv"), rows) is { } difference)
                wrong.Add($"{name}: {difference}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<List<string[]>> RunAsync(ISqlSession session, string sql)
    {
        await using var result = await session.ExecuteAsync(sql.TrimEnd().TrimEnd(';'));
        var rows = new List<string[]>();
        await foreach (var batch in result.ReadBatchesAsync())
        {
            for (int row = 0; row < batch.RowCount; row++)
                rows.Add([.. Enumerable.Range(0, result.Columns.Count).Select(c => Text(result.Columns[c].Type, batch.GetValue(c, row)))]);
        }

        return rows;
    }

    private static string Text(DuckDbType type, object? value) => value switch
    {
        null => "",
        int days when type.Id == DuckDbTypeId.Date => IsoText.Date(days),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
