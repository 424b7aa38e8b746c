using Tarn.Interop.Tests.ObjectStore;
using Tarn.Interop.Tests.Peers;

namespace Tarn.Interop.Tests.RestCatalog;

/// <summary>DuckDB, unmodified, deletes after a change of the partitioning: what would be read differently is refused at the commit.</summary>
public sealed class EvolvedDeletesTests
{
    [Fact]
    public async Task DuckDb_DeletesAfterTheSpecChanged_AllSeeTheSameRows()
    {
        if (await PeerCache.PythonAsync() is not { } python)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tarn.exe" : "tarn"), script = Path.Join(AppContext.BaseDirectory, "RestCatalog", "Clients", "evolved_deletes.py");
        var lines = await PeerProcess.RunAsync(python, [script, server.Catalog, ObjectStoreServer.AccessKey, ObjectStoreServer.Secret, program, Path.Join(server.Folder, "data")], [], server.Folder);
        Assert.Equal(4, lines.Count);
    }
}
