using System.Diagnostics;
using System.Net;
using Tarn.Testing;
using Tarn.Testing.S3;
using Tarn.Tests.Server;

namespace Tarn.Tests.Faults;

/// <summary>The disk of a running server fills up, or its data folder goes away: requests are refused clearly, nothing is half stored, and the server lives.</summary>
public sealed class ServerDiskTests : IDisposable
{
    private const int LargeBytes = 1024 * 1024, MostObjects = 64;

    private readonly TarnProcess _tarn = new();
    private bool _isMounted;

    private string Data => Path.Join(_tarn.Folder, "tarn-data");

    public void Dispose()
    {
        if (_isMounted)
            Run("umount", "-l", Data);
        _tarn.Dispose();
    }

    [Fact]
    public async Task Put_DiskFillsUp_StoresNothingHalfAndGoesOnWhenThereIsRoom()
    {
        if (!Mount("24m"))
            return;
        await using var server = await StartAsync();
        using var s3 = Client(server);
        Assert.Equal(HttpStatusCode.OK, (await s3.SendAsync(HttpMethod.Put, "/full")).Status);
        var stored = new Dictionary<string, byte[]>();
        var random = new Random(Soak.Seed);
        foreach (int size in (int[])[LargeBytes, 100_000, 1000])
            await FillAsync(s3, stored, random, size);

        var parts = await s3.PutPartsAsync("full", "parts", [new byte[5 * LargeBytes], new byte[1000]]);
        AssertFull(parts);
        await AssertStoredAsync(s3, stored);

        foreach (string key in stored.Keys.Take(8).ToArray())
        {
            Assert.Equal(HttpStatusCode.NoContent, (await s3.DeleteAsync("full", key)).Status);
            stored.Remove(key);
        }

        stored["again"] = Content(random, LargeBytes);
        Assert.Equal(HttpStatusCode.OK, (await s3.PutAsync("full", "again", stored["again"])).Status);
        await AssertStoredAsync(s3, stored);
        server.Send("KILL");
        await server.EndAsync();

        await using var next = await StartAsync();
        using var after = Client(next);
        await AssertStoredAsync(after, stored);
    }

    [Fact]
    public async Task Requests_DataFolderIsGone_AreRefusedAndTheServerSaysSo()
    {
        await using var server = await StartAsync();
        using var s3 = Client(server);
        Assert.Equal(HttpStatusCode.OK, (await s3.SendAsync(HttpMethod.Put, "/gone")).Status);
        byte[] body = Content(new Random(Soak.Seed), LargeBytes);
        Assert.Equal(HttpStatusCode.OK, (await s3.PutAsync("gone", "k", body)).Status);
        string away = Data + ".away";
        Directory.Move(Data, away);

        Assert.NotEqual(HttpStatusCode.OK, (await s3.PutAsync("gone", "new", body)).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await s3.GetAsync("gone", "k")).Status);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(server.Http + "/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync(server.Http + "/health/ready")).StatusCode);
        Assert.False(server.HasExited);
        server.Send("KILL");
        await server.EndAsync();

        if (Directory.Exists(Data))
            Directory.Delete(Data, recursive: true);
        Directory.Move(away, Data);
        await using var next = await StartAsync();
        using var after = Client(next);
        Assert.Equal(body, (await after.GetAsync("gone", "k")).Body);
        Assert.Equal(["k"], (await after.ListAsync("gone")).Select(o => o.Key));
    }

    private static async Task FillAsync(S3Client s3, Dictionary<string, byte[]> stored, Random random, int size)
    {
        for (int i = 0; i < MostObjects; i++)
        {
            string key = $"{size}/{i}";
            byte[] body = Content(random, size);
            var reply = await s3.PutAsync("full", key, body);
            if (reply.Status != HttpStatusCode.OK)
            {
                AssertFull(reply);
                return;
            }

            stored[key] = body;
        }
    }

    private static async Task AssertStoredAsync(S3Client s3, Dictionary<string, byte[]> stored)
    {
        Assert.Equal(stored.Keys.Order(StringComparer.Ordinal), (await s3.ListAsync("full")).Select(o => o.Key));
        foreach (var (key, body) in stored)
            Assert.Equal(body, (await s3.GetAsync("full", key)).Body);
    }

    private static void AssertFull(S3Reply reply)
    {
        string text = System.Text.Encoding.UTF8.GetString(reply.Body);
        Assert.True(reply.Status == HttpStatusCode.InsufficientStorage, $"{reply.Status} {text}");
        Assert.Contains("full", text, StringComparison.Ordinal);
    }

    private static byte[] Content(Random random, int size)
    {
        byte[] body = new byte[size];
        random.NextBytes(body);
        return body;
    }

    private static S3Client Client(RunningServer server) => new(server.Listeners["s3"], RootKey.Id, RootKey.Secret);

    private Task<RunningServer> StartAsync()
    {
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), RootKey.Settings);
        return RunningServer.StartAsync(_tarn);
    }

    private bool Mount(string size)
    {
        Directory.CreateDirectory(Data);
        _isMounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", Data);
        if (!_isMounted)
            LoudSkip.Say("a server on a full disk: this user may not mount a tmpfs");
        return _isMounted;
    }

    private static bool Run(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
