using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Tarn.CommandLine;
using Tarn.Server;
using Tarn.Storage.Buckets;

namespace Tarn.Tests.Server;

/// <summary>The real program: start and stop.</summary>
public sealed class UpTests : IDisposable
{
    private readonly TarnProcess _tarn = new();
    private readonly HttpClient _client = new();

    // Ends a test whose line never comes.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(3));

    public void Dispose()
    {
        _limit.Dispose();
        _client.Dispose();
        _tarn.Dispose();
    }

    [Fact]
    public async Task Up_Started_SaysWhereAndAnswers()
    {
        await using var server = await RunningServer.StartAsync(_tarn);
        Assert.Contains(server.Printed, line => line.Contains("http://" + server.Listeners["http"], StringComparison.Ordinal));
        Assert.Contains(server.Printed, line => line.Contains(Path.Join(_tarn.Folder, "tarn-data"), StringComparison.Ordinal));
        Assert.Contains("/metrics", await _client.GetStringAsync(server.Http + "/"), StringComparison.Ordinal);
        Assert.Equal("""{"status":"live"}""", await _client.GetStringAsync(server.Http + "/health/live"));
        using var ready = JsonDocument.Parse(await _client.GetStringAsync(server.Http + "/health/ready"));
        Assert.Equal("ready", ready.RootElement.GetProperty("status").GetString());
        Assert.Equal("ready", ready.RootElement.GetProperty("parts").GetProperty("storage").GetProperty("status").GetString());
        Assert.Contains("tarn_build_info{version=\"", await _client.GetStringAsync(server.Http + "/metrics"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(server.Http + "/nothing")).StatusCode);
        Console.WriteLine($"tarn up: ready after {server.StartTime.TotalMilliseconds:0} ms, {ResidentBytes(server.ProcessId) / 1_048_576.0:0} MiB resident");
    }

    [Fact]
    public async Task Up_FirstStart_ShowsTheCredentialsOfRootOnce()
    {
        await using (var first = await RunningServer.StartAsync(_tarn))
        {
            string secret = Assert.Single(first.Printed, line => line.Contains("secret key", StringComparison.Ordinal))[14..];
            string file = Assert.Single(first.Printed, line => line.Contains("kept in", StringComparison.Ordinal))[14..].Split(' ')[0];
            Assert.Contains(secret, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            first.Send("TERM");
            Assert.DoesNotContain(secret, (await first.EndAsync()).Error, StringComparison.Ordinal);
        }

        await using var second = await RunningServer.StartAsync(_tarn);
        Assert.DoesNotContain(second.Printed, line => line.Contains("key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Up_FirstStartsCameToNothing_CredentialsAreShownByTheOneThatListensAndByNoOther()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        for (int i = 0; i < 2; i++)
        {
            var refused = await _tarn.RunAsync([.. RunningServer.Words("none.json"), "--listen-hive", taken.LocalEndpoint.ToString()!]);
            Assert.Equal(ExitCode.Failed, refused.ExitCode);
            Assert.Contains("is in use by another program", refused.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("key", refused.Out, StringComparison.Ordinal);
        }

        await using (var first = await RunningServer.StartAsync(_tarn))
        {
            string secret = Assert.Single(first.Printed, line => line.Contains("secret key", StringComparison.Ordinal))[14..];
            string file = Assert.Single(first.Printed, line => line.Contains("kept in", StringComparison.Ordinal))[14..].Split(' ')[0];
            Assert.Contains(secret, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
            first.Kill();
        }

        await using var second = await RunningServer.StartAsync(_tarn);
        Assert.DoesNotContain(second.Printed, line => line.Contains("key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Up_FirstStartWithALogForPrograms_NamesTheFileOfTheCredentialsOnly()
    {
        await using var server = await RunningServer.StartAsync(_tarn, "--log-format", "json");
        string file = Assert.Single(server.Printed, line => line.Contains("kept in", StringComparison.Ordinal))[14..].Split(' ')[0];
        string[] secrets = [.. (await File.ReadAllLinesAsync(file)).Where(l => l.Contains('=', StringComparison.Ordinal)).Select(l => l.Split('=')[1].Trim())];
        Assert.Equal(2, secrets.Length);
        Assert.DoesNotContain(server.Printed, line => secrets.Any(s => line.Contains(s, StringComparison.Ordinal)));
        Assert.Contains(server.Printed, line => line.Contains("not shown", StringComparison.Ordinal));
    }

    private static long ResidentBytes(int processId)
    {
        using var process = System.Diagnostics.Process.GetProcessById(processId);
        return process.WorkingSet64;
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Up_Signalled_StopsCleanlyAndTakesItsReadyFileAway(string signal)
    {
        await using var server = await RunningServer.StartAsync(_tarn);
        server.Send(signal);
        var result = await server.EndAsync();
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Contains("Stopped", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_tarn.Folder, "ready-*"));
    }

    [Fact]
    public async Task Up_PartThatIsUnavailableAtFirst_IsStartedLaterAndToldWhenAllAnswers()
    {
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("sql", "-c", "CREATE SCHEMA s")).ExitCode);
        string readyFile = Path.Join(_tarn.Folder, "ready.json");
        var printed = new List<string>();
        // Somebody repairs the object store meanwhile.
        var other = await BucketStore.OpenAsync(Path.Join(_tarn.Folder, "tarn-data"));
        using var process = _tarn.Start(RunningServer.Words(readyFile));
        process.StandardInput.Close();
        while (await process.StandardOutput.ReadLineAsync(_limit.Token) is { } line && line != ServerListing.LastLine)
            printed.Add(line);
        Assert.Contains("is not all ready yet", printed[0], StringComparison.Ordinal);
        Assert.Contains(printed, line => line.StartsWith("  s3      could not start yet", StringComparison.Ordinal));
        Assert.Contains(printed, line => line.StartsWith("  catalog could not start yet", StringComparison.Ordinal));
        Assert.Contains(printed, line => line.StartsWith("  hive    thrift://127.0.0.1:", StringComparison.Ordinal));
        Assert.False(File.Exists(readyFile));

        await other.DisposeAsync();
        while (await process.StandardError.ReadLineAsync(_limit.Token) is { } line && !line.Contains("Serving ", StringComparison.Ordinal))
            printed.Add(line);
        var listeners = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(readyFile))!;
        Assert.Equal(["catalog", "hive", "http", "s3"], listeners.Keys.Order(StringComparer.Ordinal));
        using var ready = JsonDocument.Parse(await _client.GetStringAsync($"http://{listeners["http"]}/health/ready"));
        Assert.Equal("ready", ready.RootElement.GetProperty("status").GetString());
        process.Kill();
        await process.WaitForExitAsync();
    }

    [Fact]
    public async Task Up_SecondSignal_EndsWithoutWaitingForRequests()
    {
        await using var server = await RunningServer.StartAsync(_tarn);
        using var slow = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await slow.ConnectAsync(IPEndPoint.Parse(server.Listeners["http"]));
        await slow.SendAsync("GET /health/live HTTP/1.1\r\nHost: x\r\nX-Never-Ends: "u8.ToArray());
        // What others were answered later, it has read before: a connection that said nothing yet would be closed at once.
        for (int i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(server.Http + "/health/live")).StatusCode);
        server.Send("TERM");
        Assert.Contains("Stopping", await server.ReadLogAsync(line => line.Contains("Stopping", StringComparison.Ordinal)), StringComparison.Ordinal);
        // Signals within a quarter of a second count as one. A third one could meet the process while it ends, when nobody handles it any more.
        using (var apart = new PeriodicTimer(TimeSpan.FromMilliseconds(500)))
            await apart.WaitForNextTickAsync();
        server.Send("TERM");
        Assert.Equal(ExitCode.Cancelled, (await server.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Up_DataFolderRemoved_IsNotReadyAndSaysWhy()
    {
        await using var server = await RunningServer.StartAsync(_tarn);
        File.Delete(Path.Join(_tarn.Folder, "tarn-data", "tarn.json"));
        var answer = await _client.GetAsync(server.Http + "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("is gone", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(server.Http + "/health/live")).StatusCode);
    }
}
