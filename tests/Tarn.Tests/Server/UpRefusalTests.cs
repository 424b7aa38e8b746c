using System.Net;
using System.Net.Sockets;
using Tarn.CommandLine;

namespace Tarn.Tests.Server;

/// <summary>Everything that keeps the server from starting is one clear message.</summary>
public sealed class UpRefusalTests : IDisposable
{
    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

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
        Assert.Contains("tarn.yaml:3: unknown key 'logs'; did you mean 'log'?", up.Error, StringComparison.Ordinal);
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
    public async Task ConfigShow_EachValue_HasItsSource()
    {
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), "log:\n  level: debug\nroot:\n  access_key: admin\n  secret_key: hush-hush\n");
        var shown = await _tarn.RunAsync("config", "show", "--listen-http", "127.0.0.1:1", "--format", "csv");
        string file = Path.Join(_tarn.Folder, "tarn.yaml");
        Assert.Contains("listen.http,127.0.0.1:1,--listen-http\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"log.level,debug,{file}:2\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"root.secret_key,********,{file}:5\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains("log.format,console,default\n", shown.Out, StringComparison.Ordinal);
    }
}
