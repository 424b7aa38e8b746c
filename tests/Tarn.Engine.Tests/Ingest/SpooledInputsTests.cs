using System.Diagnostics;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sql;
using Tarn.Storage.Memory;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Engine.Tests.Ingest;

public sealed class SpooledInputsTests
{
    [Fact]
    public async Task Read_PipeThatNobodyWrites_LetsItGoWhenCancelled()
    {
        if (!OperatingSystem.IsLinux())
        {
            LoudSkip.Say("Named pipes are let go: only Linux has pipes that open without waiting for the other end.");
            return;
        }

        using var folder = new TemporaryFolder();
        using var store = new MemoryObjectStore();
        string pipe = folder["pipe"];
        Assert.Equal(0, await RunAsync("mkfifo", pipe));
        var request = new IngestRequest([pipe], QualifiedName.Of("s", "t"));
        for (int i = 0; i < 20; i++)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SpooledInputs.ReadAsync(store, request, new CancellationToken(canceled: true)));
        // Who writes and does not wait is refused where nobody reads the pipe or waits to. More than once: a thread left behind may be slow to begin.
        for (int i = 0; i < 10; i++)
            Assert.Equal(1, await RunAsync("dd", "if=/dev/null", $"of={pipe}", "oflag=nonblock", "conv=notrunc"));
    }

    private static async Task<int> RunAsync(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
