using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Tarn.CommandLine;

namespace Tarn.Tests.Server;

/// <summary>The real program: start, stop, kill, and everything that keeps it from starting.</summary>
public sealed class UpTests : IDisposable
{
    private readonly TarnProcess _tarn = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _tarn.Dispose();
    }

    [Fact]
    public async Task Up_Started_SaysWhereAndAnswers()
    {
        await using var server = await RunningServer.StartAsync(_tarn);
        Assert.Contains(server.Printed, line => line.Contains("http://" + server.Listeners["http"], StringComparison.Ordinal));
        Assert.Contains(server.Printed, line => line.Contains(Path.Join(_tarn.Folder, "tarn-data"), StringComparison.Ordinal));
        Assert.Equal("""{"status":"live"}""", await _client.GetStringAsync(server.Http + "/health/live"));
        using var ready = JsonDocument.Parse(await _client.GetStringAsync(server.Http + "/health/ready"));
        Assert.Equal("ready", ready.RootElement.GetProperty("status").GetString());
        Assert.Equal("ready", ready.RootElement.GetProperty("parts").GetProperty("storage").GetProperty("status").GetString());
        Assert.Contains("tarn_build_info{version=\"", await _client.GetStringAsync(server.Http + "/metrics"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(server.Http + "/nothing")).StatusCode);
        Console.WriteLine($"tarn up: ready after {server.StartTime.TotalMilliseconds:0} ms, {ResidentBytes(server.ProcessId) / 1_048_576.0:0} MiB resident");
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
    public async Task Up_KilledAndStartedAgain_TakesTheFolderOver()
    {
        await using (var first = await RunningServer.StartAsync(_tarn))
        {
            await _tarn.RunAsync("sql", "-c", "CREATE SCHEMA iceberg.s; CREATE TABLE iceberg.s.t (i INTEGER); INSERT INTO iceberg.s.t VALUES (42)");
            first.Send("KILL");
            await first.EndAsync();
        }

        await using var second = await RunningServer.StartAsync(_tarn);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(second.Http + "/health/ready")).StatusCode);
        Assert.Contains("42", (await _tarn.RunAsync("sql", "-c", "SELECT i FROM iceberg.s.t")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandLine_BesideARunningServer_WorksOnTheSameFolder()
    {
        await using var server = await RunningServer.StartAsync(_tarn);
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "a.csv"), "i,name\n1,x\n2,y\n");
        var ingest = await _tarn.RunAsync("ingest", "a.csv", "--table", "s.t");
        Assert.True(ingest.ExitCode == ExitCode.Done, ingest.ToString());
        var count = await _tarn.RunAsync("sql", "-c", "SELECT count(*) AS n FROM s.t", "--format", "csv");
        Assert.Equal("n\n2\n", count.Out);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(server.Http + "/health/ready")).StatusCode);
    }

    [Fact]
    public async Task Up_SecondServerOfAFolder_IsRefusedNamingTheFirst()
    {
        await using var server = await RunningServer.StartAsync(_tarn);
        var second = await _tarn.RunAsync(RunningServer.Words("other.json"));
        Assert.Equal(ExitCode.Failed, second.ExitCode);
        Assert.StartsWith($"error: Process {server.ProcessId} (tarn up", second.Error, StringComparison.Ordinal);
        Assert.Single(second.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Up_PortInUse_IsOneLineWithTheSetting()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var result = await _tarn.RunAsync("up", "--listen-http", taken.LocalEndpoint.ToString()!);
        Assert.Equal(ExitCode.Failed, result.ExitCode);
        string line = Assert.Single(result.Error.Split('\n'), one => one.StartsWith("error:", StringComparison.Ordinal));
        Assert.Equal(
            $"error: The address {taken.LocalEndpoint} is in use by another program. Move the listener 'http': listen.http in tarn.yaml, TARN_LISTEN_HTTP or --listen-http (port 0 picks a free one).",
            line);
    }

    [Fact]
    public async Task Up_WrongConfiguration_TellsAllAtOnceAndMakesNothing()
    {
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), "listen:\n  http: nowhere\nlogs: {}\n");
        var up = await _tarn.RunAsync("up");
        var check = await _tarn.RunAsync("config", "check");
        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (up.ExitCode, check.ExitCode));
        Assert.Equal(up.Error, check.Error);
        Assert.Contains("tarn.yaml:2: listen.http: 'nowhere' is not HOST:PORT", up.Error, StringComparison.Ordinal);
        Assert.Contains("tarn.yaml:3: unknown key 'logs'; did you mean 'log'.", up.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(_tarn.Folder, "tarn-data")));
    }

    [Fact]
    public async Task Up_FolderThatCannotBeWritten_IsOneLine()
    {
        string file = Path.Join(_tarn.Folder, "file");
        await File.WriteAllTextAsync(file, "");
        var result = await _tarn.RunAsync("up", "--data", Path.Join(file, "lake"), "--listen-http", "127.0.0.1:0");
        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.Contains(Path.Join(file, "lake"), result.Error, StringComparison.Ordinal);
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

    [Fact]
    public async Task ConfigShow_EachValue_HasItsSource()
    {
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), "log:\n  level: debug\nroot:\n  access-key: admin\n  secret-key: hush-hush\n");
        var shown = await _tarn.RunAsync("config", "show", "--listen-http", "127.0.0.1:1", "--format", "csv");
        string file = Path.Join(_tarn.Folder, "tarn.yaml");
        Assert.Contains("listen.http,127.0.0.1:1,--listen-http\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"log.level,debug,{file}:2\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"root.secret-key,********,{file}:5\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains("log.format,console,default\n", shown.Out, StringComparison.Ordinal);
    }
}
