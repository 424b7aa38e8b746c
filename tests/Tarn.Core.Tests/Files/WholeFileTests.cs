using System.Text;
using Tarn.Core.Files;
using Tarn.Testing.Files;

namespace Tarn.Core.Tests.Files;

public sealed class WholeFileTests
{
    private const string Path = "/folder/marker";
    private static readonly byte[] s_before = "before"u8.ToArray(), s_after = "what is there after"u8.ToArray();

    [Fact]
    public void Read_NoFile_IsNull() => Assert.Null(WholeFile.Read(NewDisk(), Path));

    [Fact]
    public void Write_OverWhatAKilledWriterLeft_IsTheNewContentAlone()
    {
        var disk = NewDisk();
        using (var left = disk.OpenWrite(Path + ".new"))
            left.Write(new byte[1000], 0);
        WholeFile.Write(disk, Path, s_after);
        Assert.Equal(s_after, WholeFile.Read(disk, Path));
        Assert.Equal(["marker"], disk.Enumerate("/folder").Select(f => f.Path));
    }

    [Fact]
    public void Write_NotToReplace_RefusesAndLeavesTheFile()
    {
        var disk = NewDisk();
        WholeFile.Write(disk, Path, s_before);
        var error = Assert.ThrowsAny<IOException>(() => WholeFile.Write(disk, Path, s_after, replace: false));
        Assert.True(FileErrors.IsAlreadyThere(error));
        Assert.Equal("before", Encoding.UTF8.GetString(WholeFile.Read(disk, Path)!));
    }

    [Fact]
    public void Write_PowerCutAtAnyStep_LeavesTheOneOrTheOther()
    {
        for (int cut = 1; ; cut++)
        {
            for (int seed = 0; seed < 20; seed++)
            {
                var disk = NewDisk();
                WholeFile.Write(disk, Path, s_before);
                disk.CutAt = disk.OperationCount + cut;
                bool isDone = Record.Exception(() => WholeFile.Write(disk, Path, s_after)) is null;

                string found = Encoding.UTF8.GetString(WholeFile.Read(disk.Reboot(seed), Path)!);

                Assert.True(isDone ? found == "what is there after" : found is "before" or "what is there after", $"cut {cut}, seed {seed}: '{found}'");
                if (isDone && seed == 19)
                    return;
            }
        }
    }

    private static PowerCutFileSystem NewDisk()
    {
        var disk = new PowerCutFileSystem();
        new DurableFolders(disk).Ensure("/folder");
        return disk;
    }
}
