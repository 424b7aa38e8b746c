using System.Diagnostics;
using Tarn.CommandLine;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Tests.Faults;

/// <summary>A disk that is full, or cannot be written: nothing is changed, what is there can be read, and the message says so. Needs the right to mount.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const string Sum = "SELECT count(*) AS n FROM s.t";
    private readonly TemporaryFolder _folder = new();
    private bool _isMounted;

    public void Dispose()
    {
        if (_isMounted)
            Run("umount", "-l", _folder["disk"]);
        _folder.Dispose();
    }

    [Fact]
    public async Task Insert_DiskFillsUp_LeavesTheTableAsItWas()
    {
        if (!Mount("4m"))
            return;
        var lake = await FaultLake.CreateAsync(_folder["disk/lake"], batches: 1);
        var before = lake.Contents();

        var big = await lake.RunAsync("sql", "-c", "INSERT INTO s.t SELECT i, hash(i) % 1000000007 FROM range(4000000) r(i)");
        AssertFails(big, "full");
        Assert.Equal(before, lake.Contents());
        Assert.Empty(lake.Staged());

        Fill();
        Directory.CreateDirectory(_folder["disk/lake/.staging/1-dead"]);
        AssertFails(await lake.RunAsync("sql", "-c", FaultLake.Insert(1)), "full");
        AssertFails(await lake.RunAsync("sql", "-c", "CREATE TABLE s.u (id BIGINT)"), "full");
        AssertFails(await lake.RunAsync("sql", "-c", "ALTER TABLE s.t ADD COLUMN c BIGINT"), "full");
        Assert.Equal(before.Keys.Order(), lake.Contents().Keys.Order());
        Assert.Equal("n\n1000\n", await lake.SqlAsync(Sum));

        File.Delete(_folder["disk/fill"]);
        await lake.SqlAsync(FaultLake.Insert(1));
        Assert.Equal([0, 1], await lake.BatchesAsync());
        Assert.Empty(lake.Staged());
    }

    [Fact]
    public async Task Lake_ReadOnly_IsReadAndNotWritten()
    {
        if (!Mount("4m"))
            return;
        var lake = await FaultLake.CreateAsync(_folder["disk/lake"], batches: 1);
        Directory.CreateDirectory(_folder["disk/lake/.staging/1-dead"]);
        Assert.True(Run("mount", "-o", "remount,ro", _folder["disk"]));

        Assert.Equal([0], await lake.BatchesAsync());
        Assert.Equal(ExitCode.Done, (await lake.RunAsync("tables")).ExitCode);
        AssertFails(await lake.RunAsync("sql", "-c", FaultLake.Insert(1)), "read-only");
        AssertFails(await lake.RunAsync("sql", "-c", "CREATE TABLE s.u (id BIGINT)"), "read-only");
        AssertFails(await lake.RunAsync("sql", "-c", "DROP TABLE s.t"), "read-only");
        AssertFails(await new FaultLake(_folder["disk/new"]).RunAsync("sql", "-c", "CREATE SCHEMA s"), "read-only");
        Assert.Equal([0], await lake.BatchesAsync());
    }

    private void AssertFails(ProcessResult result, string reason)
    {
        Assert.True(result.ExitCode == ExitCode.Failed, $"{result}");
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", result.Error, StringComparison.Ordinal);
        Assert.All((string[])[reason, _folder["disk"]], words => Assert.Contains(words, result.Error, StringComparison.Ordinal));
    }

    private void Fill()
    {
        using var file = new FileStream(_folder["disk/fill"], FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full, as wanted.
            return;
        }
    }

    private bool Mount(string size)
    {
        Directory.CreateDirectory(_folder["disk"]);
        _isMounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", _folder["disk"]);
        if (!_isMounted)
            LoudSkip.Say("full and read-only disks: this user may not mount a tmpfs");
        return _isMounted;
    }

    private static bool Run(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
