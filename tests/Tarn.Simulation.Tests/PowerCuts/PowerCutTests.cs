using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Simulation.Tests.PowerCuts;

public sealed class PowerCutTests
{
    /// <summary>One fixed run, cut before each of its operations in turn, with several choices of what survives.</summary>
    [Fact]
    public async Task Run_CutBeforeEveryOperation_KeepsWhatWasAcknowledged()
    {
        int cuts = await EveryCut.RunAsync(Soak.Rounds(6, 60), CutOnceAsync);

        Assert.True(cuts > 300);
        Console.WriteLine($"soak: power cut before every operation: {cuts} cuts, seed {Soak.Seed}, no acknowledged commit lost");
    }

    /// <summary>Many lives on one disk, each with two programs of two threads, each ended by a cut at a random moment.</summary>
    [Fact]
    public async Task Lives_CutAtRandomMoments_KeepWhatWasAcknowledged()
    {
        int disks = Soak.Rounds(6, 60), acknowledged = 0;
        const int lives = 8;
        for (int disk = 0; disk < disks; disk++)
            acknowledged += await LiveAsync(lives, new Random(Soak.Seed + disk));
        Assert.True(acknowledged > disks);
        Console.WriteLine($"soak: power cut at random moments: {disks * lives} cuts, {acknowledged} acknowledged commits, seed {Soak.Seed}, none lost");
    }

    /// <summary>The simulated disk is as cruel as promised: without the syncs something is lost.</summary>
    [Fact]
    public void Disk_Unsynced_ForgetsBytesNamesAndFolders()
    {
        var disk = new PowerCutFileSystem();
        disk.CreateFolder("/f");
        using (var file = disk.CreateNew("/f/a"))
        {
            file.Write(new byte[2000], 0);
            file.Sync();
        }

        var outcomes = Enumerable.Range(0, 200).Select(seed => disk.Reboot(seed).Stat("/f/a")).ToList();
        Assert.Contains(outcomes, o => o is null);
        Assert.Contains(outcomes, o => o is { SizeBytes: 2000 });
        disk = new PowerCutFileSystem();
        disk.CreateFolder("/f");
        disk.SyncFolder("/");
        using (var file = disk.CreateNew("/f/a"))
            file.Write(Enumerable.Repeat((byte)7, 2000).ToArray(), 0);
        disk.SyncFolder("/f");
        var contents = Enumerable.Range(0, 200).Select(seed => Sevens(disk.Reboot(seed))).ToList();
        Assert.Contains(0, contents);
        Assert.Contains(2000, contents);
        Assert.Contains(contents, c => c is > 0 and < 2000);
    }

    private static int Sevens(PowerCutFileSystem disk)
    {
        using var file = disk.OpenRead("/f/a");
        var buffer = new byte[4000];
        return buffer.AsSpan(0, file.Read(buffer, 0)).Count((byte)7);
    }

    private static async Task<bool> CutOnceAsync(int at, int seed)
    {
        var disk = new PowerCutFileSystem { CutAt = at };
        var ledger = new Ledger();
        bool isDone = await Ledger.RunAsync(disk, async () =>
        {
            using var lake = Lake.Start(disk);
            await lake.PrepareAsync();
            for (int i = 0; i < 4; i++)
                await lake.CommitAsync($"t{i}", ledger);
        });
        await Explain(seed, async () =>
        {
            using var lake = Lake.Start(disk.Reboot(seed));
            lake.VerifyStagingIsEmpty();
            await lake.VerifyAsync(ledger);
            await lake.PrepareAsync();
            await lake.CommitAsync("after", ledger);
            await lake.VerifyAsync(ledger);
        });
        return isDone;
    }

    private static async Task<int> LiveAsync(int lives, Random random)
    {
        var disk = new PowerCutFileSystem();
        var ledger = new Ledger();
        for (int life = 0; life < lives; life++)
        {
            int seed = random.Next();
            disk.CutAt = 20 + random.Next(250);
            await Task.WhenAll(Enumerable.Range(0, 2).Select(program => RunProgramAsync(disk, ledger, $"{life}-{program}")));
            disk = disk.Reboot(seed);
            await Explain(seed, async () =>
            {
                using var lake = Lake.Start(disk);
                lake.VerifyStagingIsEmpty();
                await lake.VerifyAsync(ledger);
            });
        }

        return ledger.Acknowledged.Count;
    }

    private static Task<bool> RunProgramAsync(PowerCutFileSystem disk, Ledger ledger, string name) => Ledger.RunAsync(disk, async () =>
    {
        using var lake = Lake.Start(disk);
        // Both programs may create the namespace at once; then it is put twice, which changes nothing.
        await lake.PrepareAsync();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(thread => Task.Run(async () =>
        {
            for (int i = 0; i < 12; i++)
                await lake.CommitAsync($"t{name}-{thread}-{i}", ledger);
        })));
    });

    private static async Task Explain(int seed, Func<Task> check)
    {
        try
        {
            await check();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"Seed {seed} (TARN_SEED={Soak.Seed}): {error.Message}", error);
        }
    }
}
