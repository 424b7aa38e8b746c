using System.Text;
using Tarn.CommandLine;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Storage.Local;
using Tarn.Testing;
using Tarn.Testing.Catalogs;

namespace Tarn.Tests.Server.Committing;

/// <summary>Commands and a client of the server's REST catalog commit to one table at the same time: each is there once, and no row is lost.</summary>
public sealed class BesideCommandLineTests : IDisposable
{
    private const string AccessKey = "rootkey", Secret = "rootsecret", Table = "namespaces/s/tables/t";
    private const int RowsOfIngest = 10, RowsOfInsert = 3;

    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task OneTable_IngestsInsertsAndRestCommitsRace_LosesNoRow()
    {
        int rounds = Soak.Rounds(slice: 2, full: 20);
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), $"root:\n  access_key: {AccessKey}\n  secret_key: {Secret}\n");
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "a.csv"), "i\n" + string.Join('\n', Enumerable.Range(0, RowsOfIngest)) + "\n");
        await using var server = await RunningServer.StartAsync(_tarn);
        await RequireAsync("sql", "-c", "CREATE SCHEMA iceberg.s; CREATE TABLE iceberg.s.t (i BIGINT)");
        using var store = new LocalObjectStore(Path.Join(_tarn.Folder, "tarn-data"));
        using var rest = await RestCatalogClient.ConnectAsync(server, AccessKey, Secret);

        var commands = Task.WhenAll(
            RepeatAsync(rounds, "ingest", "a.csv", "--table", "s.t"),
            RepeatAsync(rounds, "sql", "-c", $"INSERT INTO s.t SELECT range FROM range({RowsOfInsert})"));
        var appended = await AppendUntilAsync(commands, rest, store);
        await commands;

        var table = await LoadAsync(rest, "");
        var line = CommittedTable.Line(table.Metadata, Snapshot.MainBranch).Select(s => s.SnapshotId).ToList();
        Assert.Empty(appended.Except(line));
        Assert.Equal(appended.Count + (2 * rounds), line.Count);
        Assert.Equal(line.Order(), table.Metadata.Snapshots.Select(s => s.SnapshotId).Order());
        var entries = await CommittedTable.VerifyAsync(store, table, appended.Count + (rounds * (RowsOfIngest + RowsOfInsert)), line.Count);
        Assert.Equal(rounds, entries.Count(e => e.DataFile.RecordCount == RowsOfIngest));
        Assert.Equal(rounds, entries.Count(e => e.DataFile.RecordCount == RowsOfInsert));
        Console.WriteLine($"soak: {rounds} ingests and {rounds} inserts of the command line beside {appended.Count} commits over REST on one table, seed {Soak.Seed}");
    }

    // At least two, so that the line is never that of the commands alone.
    private static async Task<List<long>> AppendUntilAsync(Task over, RestCatalogClient rest, LocalObjectStore store)
    {
        var files = new AppendingClient(store, new Random(Soak.Seed));
        var appended = new List<long>();
        while (!over.IsCompleted || appended.Count < 2)
        {
            var commit = await files.AppendAsync(await LoadAsync(rest, "?snapshots=refs"), [1]);
            var (status, answer) = await rest.SendAsync("POST", Table, Encoding.UTF8.GetString(Body(commit)));
            Assert.True(status is 200 or 409, $"{status}: {answer}");
            if (status == 200)
                appended.Add(commit.Updates.OfType<TableUpdate.AddSnapshot>().Single().Snapshot.SnapshotId);
        }

        return appended;
    }

    private static async Task<TableHandle> LoadAsync(RestCatalogClient rest, string query)
    {
        var answer = await rest.RequireAsync("GET", Table + query);
        string location = answer.GetProperty("metadata-location").GetString()!;
        return new TableHandle(TableIdentifier.Of("s", "t"), location, TableMetadataJson.Read(answer.GetProperty("metadata"), location));
    }

    private static byte[] Body(TableCommit commit) =>
        [.. "{\"requirements\":"u8, .. TableRequirementJson.WriteAll(commit.Requirements), .. ",\"updates\":"u8, .. TableUpdateJson.WriteAll(commit.Updates), .. "}"u8];

    private async Task RepeatAsync(int count, params string[] words)
    {
        for (int i = 0; i < count; i++)
            await RequireAsync(words);
    }

    private async Task RequireAsync(params string[] words)
    {
        var result = await _tarn.RunAsync(words);
        Assert.True(result.ExitCode == ExitCode.Done, $"{string.Join(' ', words)}\n{result}");
    }
}
