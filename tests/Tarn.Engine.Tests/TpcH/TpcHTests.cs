using Tarn.Engine.Sessions;
using Tarn.Testing;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;
using Tarn.Testing.TpcH;

namespace Tarn.Engine.Tests.TpcH;

/// <summary>TPC-H's 22 queries over Iceberg tables at scale 0.01 give the published answers. Larger scales are proven by the benchmark <c>tpch</c>.</summary>
public sealed class TpcHTests
{
    [Fact]
    public async Task Queries_AtScale001_GiveTheAnswers()
    {
        if (SharedFolder.TryGet("data", "tpch") is not { } folder)
            return;
        using var data = new TemporaryFolder();
        await using var lake = LocalLake.Open(data.Path);
        await RunAsync(lake.Session, "CREATE SCHEMA tpch");
        await RunAsync(lake.Session, "USE tpch");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "sf0.01"), "*.parquet"))
            await RunAsync(lake.Session, $"CREATE TABLE {Path.GetFileNameWithoutExtension(file)} AS SELECT * FROM '{file}'");
        List<string> wrong = [];
        string[] queries = [.. Directory.EnumerateFiles(Path.Combine(folder, "queries"), "*.sql").Order()];
        foreach (string query in queries)
        {
            string name = Path.GetFileNameWithoutExtension(query);
            string answer = Path.Combine(folder, "answers", "sf0.01", name + ".csv");
            if (await TpcHAnswer.DifferenceAsync(lake.Session, await File.ReadAllTextAsync(query), answer) is { } difference)
                wrong.Add($"{name}: {difference}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(22, queries.Length);
    }

    private static async Task RunAsync(ISqlSession session, string sql)
    {
        await using var result = await session.ExecuteAsync(sql);
    }
}
