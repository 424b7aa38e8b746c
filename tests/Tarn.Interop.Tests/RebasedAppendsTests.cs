using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Interop.Tests.Lake;
using Tarn.Interop.Tests.Peers;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Interop.Tests;

/// <summary>Snapshots that the catalog put on another parent than they were made for, read by PyIceberg and by DuckDB's iceberg extension.</summary>
public sealed class RebasedAppendsTests
{
    private const int Sessions = 4, MaxRounds = 20;
    private const string RebasedFrom = "tarn.rebased-from";

    [Theory]
    [InlineData("PyIceberg", "read_pyiceberg.py")]
    [InlineData("DuckDB", "read_duckdb.py")]
    public async Task Inserts_OfManySessionsAtOnce_AreReadWholeAtEverySnapshot(string reader, string script)
    {
        if (await PeerCache.PythonAsync() is not { } python)
            return;
        using var folder = new TemporaryFolder();
        string warehouse = "file://" + folder["lake"];
        Directory.CreateDirectory(folder["lake"]);
        await using var lake = LocalLake.Open(folder["data"], warehouse);
        var table = await InsertAsync(lake);
        var metadata = table.Metadata;
        var line = metadata.Ancestors(metadata.CurrentSnapshotId).Reverse().ToList();
        string path = table.MetadataLocation["file://".Length..];
        var requests = line.Select((s, i) => PeerAnswer.Request(new Reading("many.t", s.SnapshotId, i + 1, path, table.MetadataLocation, []), path));
        var answers = PeerAnswer.Parse(await PeerProcess.RunAsync(python, [PeerProcess.Script(script)], requests));
        Assert.Equal(line.Count, answers.Count);
        for (int i = 0; i < line.Count; i++)
        {
            Assert.True(answers[i].Error is null, $"{reader}, snapshot {i + 1}: {answers[i].Error}");
            Assert.Equal(line[i].Summary["total-records"], $"{answers[i].Rows.Count}");
            Assert.Equal(answers[i].Rows.Count, answers[i].Rows.Distinct().Count());
            // Nothing that the snapshot before had is missing.
            Assert.Empty(i == 0 ? [] : answers[i - 1].Rows.Except(answers[i].Rows));
        }

        Assert.Equal(await LocalLake.RunAsync(lake.Session, "SELECT count(*) FROM many.t"), [[(long)answers[^1].Rows.Count]]);
    }

    // Sessions insert at once, round after round, until some of their snapshots met.
    private static async Task<TableHandle> InsertAsync(LocalLake lake)
    {
        await lake.RunAsync("CREATE SCHEMA many");
        await lake.RunAsync("CREATE TABLE many.t (session INT, round INT, n INT)");
        for (int round = 0; round < MaxRounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Sessions).Select(number => Task.Run(async () =>
            {
                await using var session = lake.Engine.OpenSession();
                await LocalLake.RunAsync(session, $"INSERT INTO many.t VALUES ({number}, {round}, 1), ({number}, {round}, 2)");
            })));
            var table = (await lake.Catalog.LoadTableAsync(TableIdentifier.Of("many", "t")))!;
            Assert.Equal((round + 1) * Sessions, table.Metadata.Snapshots.Count);
            if (table.Metadata.Snapshots.Count(s => s.Summary.ContainsKey(RebasedFrom)) > 2)
                return table;
        }

        throw new InvalidOperationException($"In {MaxRounds} rounds of {Sessions} sessions no snapshots met.");
    }
}
