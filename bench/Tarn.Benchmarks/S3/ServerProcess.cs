using System.Diagnostics;
using System.Text.Json;

namespace Tarn.Benchmarks.S3;

/// <summary>A server in a process of its own, ended when disposed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, string address, string catalog = "") => (_process, Address, Catalog) = (process, address, catalog);

    /// <summary>Host and port.</summary>
    public string Address { get; }

    /// <summary>Host and port of its Iceberg REST door; empty without one.</summary>
    public string Catalog { get; }

    /// <summary>Time of all its threads.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts <c>tarn up</c> with the folder's own data folder.</summary>
    public static ServerProcess StartTarn(string program, string folder)
    {
        string ready = Path.Join(folder, "ready.json");
        var start = new ProcessStartInfo(program, ["up", "--data", Path.Join(folder, "data"), "--listen-http", "127.0.0.1:0", "--listen-s3", "127.0.0.1:0", "--listen-catalog", "127.0.0.1:0", "--listen-hive", "127.0.0.1:0", "--ready-file", ready])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["TARN_ROOT_ACCESS_KEY"] = LoadRequest.AccessKey;
        start.Environment["TARN_ROOT_SECRET_KEY"] = LoadRequest.SecretKey;
        var process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is not null)
        {
            if (File.Exists(ready))
                return OfListeners(process, JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(ready))!);
        }

        throw new InvalidOperationException($"'{program} up' ended; see above.");
    }

    private static ServerProcess OfListeners(Process process, Dictionary<string, string> listeners) => new(process, listeners["s3"], listeners["catalog"]);

    /// <summary>Starts this program again as the server of one file.</summary>
    public static ServerProcess StartStatic(string file)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["s3-static", file]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Insert(0, typeof(ServerProcess).Assembly.Location);
        var process = Process.Start(start)!;
        return new(process, process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server of a static file ended; see above."));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
