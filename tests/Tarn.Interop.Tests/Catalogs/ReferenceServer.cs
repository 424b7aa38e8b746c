using System.ComponentModel;
using System.Diagnostics;
using Tarn.Testing;
using Tarn.Testing.Files;
using Tarn.Testing.Net;

namespace Tarn.Interop.Tests.Catalogs;

/// <summary>The reference REST catalog of Apache Iceberg over a folder, one for all tests of a class.</summary>
public sealed class ReferenceServer : IAsyncLifetime
{
    // A Java program on a busy machine.
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryFolder _folder = new();
    private Process? _process;

    /// <summary>Address, or null (said loudly) when it cannot run here.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Location of its warehouse.</summary>
    public string Warehouse => $"file://{_folder.Path}/warehouse";

    /// <summary>Removes all files of its tables, so that a name starts with an empty folder again.</summary>
    public void RemoveFiles()
    {
        string folder = Path.Join(_folder.Path, "warehouse");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (SharedFolder.TryGet("peers", "rck", "reference-server.sh") is not { } script)
            return;
        if (!await HasJavaAsync())
        {
            LoudSkip.Say("The reference REST catalog cannot run: no java (openjdk-17-jre-headless) is installed.");
            return;
        }

        int port = FreePort.Find();
        _process = Process.Start(new ProcessStartInfo(script, ["--port", $"{port}", "--dir", _folder.Path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = _process.StandardOutput.ReadToEndAsync();
        var errors = _process.StandardError.ReadToEndAsync();
        Address = new Uri($"http://127.0.0.1:{port}/");
        await WaitAsync(errors);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private async Task WaitAsync(Task<string> errors)
    {
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(s_startLimit);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Address!, "v1/config"), limit.Token);
                return;
            }
            catch (HttpRequestException) when (!_process!.HasExited)
            {
                // Nothing tells when it listens: it is asked until it does.
                await Task.Delay(s_look, limit.Token);
            }
            catch (HttpRequestException)
            {
                throw new InvalidOperationException($"The reference server ended with {_process!.ExitCode}: {await errors}");
            }
        }
    }

    private static async Task<bool> HasJavaAsync()
    {
        try
        {
            using var java = Process.Start(new ProcessStartInfo("java", ["-version"]) { RedirectStandardError = true })!;
            await java.WaitForExitAsync();
            return java.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
