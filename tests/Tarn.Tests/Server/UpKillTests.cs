using System.Diagnostics;
using Tarn.CommandLine;
using Tarn.Testing;
using Tarn.Testing.S3;
using Xunit.Abstractions;

namespace Tarn.Tests.Server;

/// <summary>The server killed while many clients write: what it acknowledged is there afterwards, and nothing is half there.</summary>
public sealed class UpKillTests(ITestOutputHelper output) : IDisposable
{
    private const string AccessKey = "rootkey", SecretKey = "rootsecret";

    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Kill_While32ClientsWrite_LosesNothingAcknowledged()
    {
        int rounds = Soak.Rounds(slice: 4, full: 2000), lanes = Math.Min(rounds, Environment.ProcessorCount);
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(async lane =>
        {
            using var killed = new KilledStorage(Soak.Seed + (lane * KilledStorage.Clients));
            await killed.RunAsync((rounds + lanes - 1 - lane) / lanes);
        }));
        output.WriteLine($"soak: {rounds} kills, {lanes} servers side by side, {Stopwatch.GetElapsedTime(began).TotalSeconds / rounds:0.00} s each");
    }

    [Fact]
    public async Task Lake_CommandLineIngestsWhileClientsWriteObjects_LosesNothing()
    {
        int ingests = Soak.Rounds(slice: 2, full: 60);
        await using var server = await StartAsync();
        using var s3 = new S3Client(server.Listeners["s3"], AccessKey, SecretKey);
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "a.csv"), "i,name\n1,x\n2,y\n");
        await IngestAsync();
        using var done = new CancellationTokenSource();
        var objects = Enumerable.Range(0, 8).Select(client => WriteObjectsAsync(s3, client, done.Token)).ToArray();
        var command = Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            for (int i = 0; i < ingests; i++)
                await IngestAsync();
        }));
        await command.ContinueWith(_ => done.CancelAsync(), TaskScheduler.Default).Unwrap();
        await command;
        var written = (await Task.WhenAll(objects)).SelectMany(o => o).ToList();

        var count = await _tarn.RunAsync("sql", "-c", "SELECT count(*) AS n FROM s.t", "--format", "csv");
        Assert.Equal($"n\n{2 * ((2 * ingests) + 1)}\n", count.Out);
        foreach (var (key, body) in written)
            Assert.Equal(body, (await s3.GetAsync("lake", key)).Body);
        string lake = Path.Join(_tarn.Folder, "tarn-data", "lake");
        string[] files = [.. Directory.GetFiles(lake, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(lake, f)).Order(StringComparer.Ordinal)];
        Assert.Equal(files, (await s3.ListAsync("lake")).Select(o => o.Key).Order(StringComparer.Ordinal));
        foreach (string file in files)
            Assert.Equal(await File.ReadAllBytesAsync(Path.Join(lake, file)), (await s3.GetAsync("lake", file)).Body);
    }

    private static async Task<List<(string Key, byte[] Body)>> WriteObjectsAsync(S3Client s3, int client, CancellationToken stop)
    {
        List<(string, byte[])> written = [];
        for (int i = 0; !stop.IsCancellationRequested && i < 2000; i++)
        {
            string key = $"loose/{client}/{i % 50}";
            byte[] body = System.Text.Encoding.UTF8.GetBytes($"{client} {i}");
            Assert.Equal(200, (int)(await s3.PutAsync("lake", key, body)).Status);
            Assert.Equal(body, (await s3.GetAsync("lake", key)).Body);
            written.RemoveAll(w => w.Item1 == key);
            written.Add((key, body));
            if (i % 20 == 0)
                Assert.Contains(await s3.ListAsync("lake"), o => o.Key == key);
        }

        return written;
    }

    private async Task IngestAsync()
    {
        var result = await _tarn.RunAsync("ingest", "a.csv", "--table", "s.t");
        Assert.True(result.ExitCode == ExitCode.Done, $"{result}");
    }

    private Task<RunningServer> StartAsync()
    {
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), $"root:\n  access_key: {AccessKey}\n  secret_key: {SecretKey}\n");
        return RunningServer.StartAsync(_tarn);
    }
}
