using System.Diagnostics;
using Tarn.Interop.Tests.ObjectStore;
using Tarn.Interop.Tests.Peers;

namespace Tarn.Interop.Tests.RestCatalog;

/// <summary>Unmodified clients that hold a key of the catalog and none of the storage: they work with what the catalog hands out and plans for them.</summary>
public sealed class DelegatedAccessTests
{
    [Fact]
    public async Task PyIcebergAndDuckDb_WithoutRightsOnBuckets_WriteAndReadInTurn()
    {
        if (await PeerCache.PythonAsync() is not { } python)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        string script = Path.Join(AppContext.BaseDirectory, "RestCatalog", "Clients", "delegated_access.py");
        var (key, secret) = await AddUserAsync(server);
        Assert.Equal(5, (await PeerProcess.RunAsync(python, [script, server.Catalog, key, secret], [], server.Folder)).Count);
    }

    // The policy 'catalog' holds no right on any bucket.
    private static async Task<(string Key, string Secret)> AddUserAsync(ObjectStoreServer server)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tarn.exe" : "tarn");
        using var process = Process.Start(new ProcessStartInfo(program, ["user", "add", "ada", "--policy", "catalog", "--format", "csv", "--data", Path.Join(server.Folder, "data")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = process.StandardError.ReadToEndAsync();
        string[] row = (await process.StandardOutput.ReadToEndAsync()).Trim().Split('\n')[^1].Split(',');
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return (row[1].Trim(), row[2].Trim());
    }
}
