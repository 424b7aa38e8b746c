using Tarn.Testing;

namespace Tarn.Interop.Tests.Peers;

/// <summary>
/// What foreign readers need and takes long to make, kept outside the repository: <c>TARN_PEERS_CACHE</c>, else <c>~/.cache/tarn-peers</c>. Made once when missing.
/// </summary>
internal static class PeerCache
{
    private static readonly string[] Wheels =
        ["pyiceberg", "pyiceberg-core", "pyarrow", "duckdb", "duckdb-extension-avro", "duckdb-extension-httpfs", "duckdb-extension-iceberg", "pytz", "tzlocal", "fsspec"];

    private static string Folder => Environment.GetEnvironmentVariable("TARN_PEERS_CACHE") is { Length: > 0 } named
        ? named
        : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "tarn-peers");

    /// <summary>A Python with PyIceberg and DuckDB, or null (said loudly) when it cannot be made here.</summary>
    public static Task<string?> PythonAsync() => PythonAsync("readers-1", Wheels);

    /// <summary>A Python with boto3, or null (said loudly) when it cannot be made here.</summary>
    public static Task<string?> ObjectStorePythonAsync() => PythonAsync("object-store-1", ["boto3"]);

    /// <summary>A Python with PyIceberg and its Hive client, or null (said loudly) when it cannot be made here.</summary>
    public static Task<string?> HivePythonAsync() => PythonAsync("hive-1", ["pyiceberg", "pyiceberg-core", "pyarrow", "thrift"]);

    private static async Task<string?> PythonAsync(string name, string[] packages)
    {
        if (SharedFolder.TryGet("peers", "python") is not { } wheels)
            return null;
        string made = Path.Join(Folder, name), python = Path.Join(made, "bin", "python");
        if (File.Exists(python))
            return python;
        Directory.CreateDirectory(Folder);
        string part = Path.Join(Folder, $"{name}.{Guid.NewGuid():N}");
        try
        {
            await PeerProcess.RunAsync("python3", ["-m", "venv", part], []);
            await PeerProcess.RunAsync(Path.Join(part, "bin", "python"), ["-m", "pip", "install", "-q", "--no-index", "--find-links", wheels, .. packages], []);
            Directory.Move(part, made);
            return python;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or IOException)
        {
            if (File.Exists(python)) // another process was faster
                return python;
            LoudSkip.Say($"no Python environment with {string.Join(' ', packages)}: {e.Message.ReplaceLineEndings(" ")}");
            return null;
        }
    }

    /// <summary>A folder with the npm package and what it needs, or null (said loudly) when npm cannot get it.</summary>
    public static async Task<string?> NpmAsync(string name, params string[] packages)
    {
        string made = Path.Join(Folder, name);
        if (Directory.Exists(made))
            return made;
        string part = Path.Join(Folder, $"{name}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(part);
            await File.WriteAllTextAsync(Path.Join(part, "package.json"), """{ "private": true, "type": "module" }""");
            await PeerProcess.RunAsync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", .. packages], [], part);
            Directory.Move(part, made);
            return made;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or IOException)
        {
            LoudSkip.Say($"npm cannot install {string.Join(' ', packages)}: {e.Message.ReplaceLineEndings(" ")}");
            return Directory.Exists(made) ? made : null;
        }
    }
}
