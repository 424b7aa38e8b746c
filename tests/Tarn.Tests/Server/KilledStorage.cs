using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Tarn.Testing.S3;

namespace Tarn.Tests.Server;

/// <summary>A data folder whose server is killed again and again while many clients write, and what they know of their objects.</summary>
/// <param name="seed">Of all choices.</param>
[SuppressMessage("Security", "CA5394", Justification = "A seed makes the run repeatable.")]
internal sealed class KilledStorage(int seed) : IDisposable
{
    /// <summary>Clients that write at the same time.</summary>
    public const int Clients = 32;

    private const string AccessKey = "rootkey", SecretKey = "rootsecret";
    private const int FewestOperations = 40, MostOperations = 200;

    // Bytes of objects that nobody touched in a round are read again after so many; their entries are in every listing.
    private const int RoundsOfFullReading = 20;

    private readonly TarnProcess _tarn = new();
    private readonly Random _random = new(seed);
    private readonly AcknowledgedObjects[] _clients = [.. Enumerable.Range(0, Clients).Select(i => new AcknowledgedObjects(i, new Random(seed + i)))];

    public void Dispose() => _tarn.Dispose();

    /// <summary>Starts the server, compares, writes and kills it, so many times; at the end compares everything once more.</summary>
    public async Task RunAsync(int rounds)
    {
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), $"root:\n  access_key: {AccessKey}\n  secret_key: {SecretKey}\n");
        for (int round = 0; round <= rounds; round++)
        {
            try
            {
                await using var server = await RunningServer.StartAsync(_tarn, "--roles", "storage");
                using var s3 = new S3Client(server.Listeners["s3"], AccessKey, SecretKey);
                if (round == 0)
                    Assert.Equal(200, (int)(await s3.SendAsync(HttpMethod.Put, "/" + AcknowledgedObjects.Bucket)).Status);
                await VerifyAsync(s3, readsAll: round == rounds || round % RoundsOfFullReading == 0);
                if (round < rounds)
                    await LoadAsync(s3, server, _random.Next(FewestOperations, MostOperations));
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}, after kill {round}", error);
            }
        }
    }

    private async Task VerifyAsync(S3Client s3, bool readsAll)
    {
        var listed = new ConcurrentDictionary<string, string>((await s3.ListAsync(AcknowledgedObjects.Bucket)).Select(o => KeyValuePair.Create(o.Key, o.ETag)));
        await Task.WhenAll(_clients.Select(c => c.VerifyAsync(s3, listed, readsAll)));
        Assert.Empty(listed);
    }

    private async Task LoadAsync(S3Client s3, RunningServer server, int operations)
    {
        int left = operations;
        await Task.WhenAll(_clients.Select(async client =>
        {
            try
            {
                while (true)
                {
                    await client.DoAsync(s3);
                    if (Interlocked.Decrement(ref left) == 0)
                        server.Kill();
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
}
