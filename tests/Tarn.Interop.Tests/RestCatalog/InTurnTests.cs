using Tarn.Interop.Tests.ObjectStore;
using Tarn.Interop.Tests.Peers;

namespace Tarn.Interop.Tests.RestCatalog;

/// <summary>PyIceberg and DuckDB, unmodified, and Tarn's SQL on one table: what one wrote the others read, deletes, evolution, views and concurrent appends included.</summary>
public sealed class InTurnTests
{
    [Fact]
    public async Task TarnPyIcebergAndDuckDb_WriteInTurn_AllSeeTheSameRows()
    {
        if (await PeerCache.PythonAsync() is not { } python)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tarn.exe" : "tarn"), script = Path.Join(AppContext.BaseDirectory, "RestCatalog", "Clients", "in_turn.py");
        var lines = await PeerProcess.RunAsync(python, [script, server.Catalog, ObjectStoreServer.AccessKey, ObjectStoreServer.Secret, program, Path.Join(server.Folder, "data")], [], server.Folder);
        Assert.Equal("all appended at once", lines[^1]);
        Assert.Equal(9, lines.Count);
    }
}
