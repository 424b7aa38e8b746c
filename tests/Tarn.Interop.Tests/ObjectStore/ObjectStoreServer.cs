using System.Diagnostics;
using System.Text.Json;

namespace Tarn.Interop.Tests.ObjectStore;

/// <summary><c>tarn up</c> on free ports over a fresh data folder.</summary>
internal sealed class ObjectStoreServer : IAsyncDisposable
{
    public const string AccessKey = "interop-root", Secret = "interop-root-secret";

    // A start takes less than a second; a busy machine may take longer.
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ObjectStoreServer(Process process, string folder, string endpoint, string catalog, string metastore) =>
        (_process, Folder, Endpoint, Catalog, Metastore) = (process, folder, endpoint, catalog, metastore);

    /// <summary>A folder for clients, removed at the end.</summary>
    public string Folder { get; }

    /// <summary>Address of the S3 door.</summary>
    public string Endpoint { get; }

    /// <summary>Address of the Iceberg REST door.</summary>
    public string Catalog { get; }

    /// <summary>Address of the Hive Metastore door.</summary>
    public string Metastore { get; }

    /// <summary>Path of the certificate that a server with TLS has made.</summary>
    public string Certificate => Path.Join(Folder, "data", ".server", "tls", "certificate.pem");

    /// <summary>Starts the program that the tests were built with.</summary>
    /// <param name="isTls">Whether all doors speak TLS.</param>
    /// <param name="isFileLake">Whether tables have <c>file:</c> locations, which clients on this machine open without keys.</param>
    /// <param name="allowsFiles">Whether clients may name <c>file:</c> locations in the folder of the server, in a lake that has none itself.</param>
    public static async Task<ObjectStoreServer> StartAsync(bool isTls, bool isFileLake = false, bool allowsFiles = false)
    {
        string folder = Directory.CreateTempSubdirectory("tarn-object-store").FullName, ready = Path.Join(folder, "ready.json");
        string[] lake = isFileLake ? ["--warehouse-location", $"file://{folder}/lake"] : [];
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tarn.exe" : "tarn");
        var start = new ProcessStartInfo(program, ["up", "--data", Path.Join(folder, "data"), "--listen-http", "127.0.0.1:0", "--listen-s3", "127.0.0.1:0", "--listen-catalog", "127.0.0.1:0", "--listen-hive", "127.0.0.1:0", "--ready-file", ready, .. lake])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TARN_ROOT_ACCESS_KEY"] = AccessKey, ["TARN_ROOT_SECRET_KEY"] = Secret, ["TARN_TLS_GENERATE"] = isTls ? "true" : "false" },
        };
        if (isFileLake)
            start.Environment["TARN_CATALOG_ALLOWED_LOCATIONS"] = $"file://{folder}/lake,file:{Path.GetTempPath()}";
        else if (allowsFiles)
            start.Environment["TARN_CATALOG_ALLOWED_LOCATIONS"] = $"s3://lake,file://{folder}/data/lake,file://{folder}/spark";
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(s_startLimit);
        // The last line of the start comes when everything answers.
        while (!File.Exists(ready) && await process.StandardOutput.ReadLineAsync(limit.Token) is not null)
        {
        }

        if (!File.Exists(ready))
            throw new InvalidOperationException($"tarn up did not start: {await errors}");
        _ = process.StandardOutput.ReadToEndAsync();
        var listeners = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(ready, limit.Token))!;
        string scheme = isTls ? "https" : "http";
        return new(process, folder, $"{scheme}://{listeners["s3"]}", $"{scheme}://{listeners["catalog"]}", $"thrift://{listeners["hive"]}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
