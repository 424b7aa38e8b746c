using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Tarn.CommandLine;
using Tarn.Testing;
using Tarn.Testing.S3;

namespace Tarn.Tests.Server;

/// <summary>The server killed while many clients write: what it acknowledged is there afterwards, and nothing is half there.</summary>
public sealed class UpKillTests : IDisposable
{
    private const string AccessKey = "rootkey", SecretKey = "rootsecret";
    private const int Clients = 32, FewestOperations = 60, MostOperations = 500;

    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    [SuppressMessage("Security", "CA5394", Justification = "A seed makes the run repeatable.")]
    public async Task Kill_While32ClientsWrite_LosesNothingAcknowledged()
    {
        var random = new Random(Soak.Seed);
        var clients = Enumerable.Range(0, Clients).Select(i => new AcknowledgedObjects(i, new Random(Soak.Seed + i))).ToArray();
        int rounds = Soak.Rounds(slice: 3, full: 200);
        for (int round = 0; round <= rounds; round++)
        {
            try
            {
                await using var server = await StartAsync();
                using var s3 = new S3Client(server.Listeners["s3"], AccessKey, SecretKey);
                if (round == 0)
                    Assert.Equal(200, (int)(await s3.SendAsync(HttpMethod.Put, "/" + AcknowledgedObjects.Bucket)).Status);
                await VerifyAsync(clients, s3);
                if (round < rounds)
                    await LoadAsync(clients, s3, server, random.Next(FewestOperations, MostOperations));
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"TARN_SEED={Soak.Seed}, after kill {round}", error);
            }
        }
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

    private static async Task VerifyAsync(AcknowledgedObjects[] clients, S3Client s3)
    {
        var listed = new ConcurrentDictionary<string, string>((await s3.ListAsync(AcknowledgedObjects.Bucket)).Select(o => KeyValuePair.Create(o.Key, o.ETag)));
        await Task.WhenAll(clients.Select(c => c.VerifyAsync(s3, listed)));
        Assert.Empty(listed);
    }

    private static async Task LoadAsync(AcknowledgedObjects[] clients, S3Client s3, RunningServer server, int operations)
    {
        int left = operations;
        await Task.WhenAll(clients.Select(async client =>
        {
            try
            {
                while (true)
                {
                    await client.DoAsync(s3);
                    if (Interlocked.Decrement(ref left) == 0)
                        server.Send("KILL");
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException && left <= 0)
            {
                // Killed, as wanted: this client's last request has no answer.
                return;
            }
        }));
        await server.EndAsync();
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
