using Tarn.CommandLine;
using Tarn.Testing;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Tests.Faults;

/// <summary>Threads and processes that write into one table at once: every commit lands exactly once.</summary>
public sealed class ManyWritersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Insert_BySeveralProcesses_LandsExactlyOnce()
    {
        using var tarn = new TarnProcess();
        var lake = await FaultLake.CreateAsync(_folder["lake"]);
        int processes = 4, batches = Soak.Rounds(4, 50);
        var results = await Task.WhenAll(Enumerable.Range(0, processes).Select(writer => tarn.RunAsync(
            "--data", lake.Folder, "sql", "-c", string.Join("; ", Enumerable.Range(writer * batches, batches).Select(FaultLake.Insert)))));

        Assert.All(results, result => Assert.True(result.ExitCode == ExitCode.Done, $"{result}"));
        Assert.Equal(Enumerable.Range(0, processes * batches), await lake.BatchesAsync());
        Assert.Empty(lake.Staged());
    }

    [Fact]
    public async Task Insert_ByManyThreads_LandsExactlyOnce()
    {
        var lake = await FaultLake.CreateAsync(_folder["lake"]);
        int threads = 8, batches = Soak.Rounds(3, 50);
        await using (var opened = LocalLake.Open(lake.Folder))
        {
            await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(async () =>
            {
                await using var session = opened.Engine.OpenSession();
                foreach (int batch in Enumerable.Range(thread * batches, batches))
                    await (await session.ExecuteAsync(FaultLake.Insert(batch))).DisposeAsync();
            })));
        }

        Assert.Equal(Enumerable.Range(0, threads * batches), await lake.BatchesAsync());
        Assert.Empty(lake.Staged());
    }
}
