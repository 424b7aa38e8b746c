using Tarn.Core.Errors;
using Tarn.Storage.Transfer;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Transfer;

public sealed class LocalEndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("../out")]
    [InlineData("a/../../out")]
    [InlineData("a//b")]
    [InlineData("folder/")]
    [InlineData("")]
    public void Below_KeyThatIsNoPathInside_IsRefused(string key)
    {
        var error = Assert.Throws<TarnException>(() => new LocalEnd(_folder.Path).Below(key));

        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
    }

    [Fact]
    public void Below_RootOfTheDisk_IsAllowed() => Assert.Equal("/tmp", new LocalEnd("/").Below("tmp").FullPath);

    [Fact]
    public async Task Copy_Folder_BringsEveryFileWithItsName()
    {
        Directory.CreateDirectory(_folder["from/a/b"]);
        await File.WriteAllTextAsync(_folder["from/a/b/x.txt"], "x");
        await File.WriteAllTextAsync(_folder["from/.hidden"], "h");
        var source = new LocalEnd(_folder["from"]);
        var target = new LocalEnd(_folder["to"]);
        var items = new List<TransferItem>();
        await foreach (var item in source.ListAsync(default))
            items.Add(item);
        long moved = 0;

        await new TransferRun(bytes => Interlocked.Add(ref moved, bytes)).CopyAsync(source, target, items, removesSources: true, default);

        Assert.Equal([".hidden", "a/b/x.txt"], items.Select(i => i.Name));
        Assert.Equal(2, moved);
        Assert.Equal("x", await File.ReadAllTextAsync(_folder["to/a/b/x.txt"]));
        Assert.Empty(Directory.GetFiles(_folder["from"], "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(_folder["to"], "*.unfinished", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Move_FileThatHasTwoNames_KeepsIt()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(_folder["real"]);
        await File.WriteAllTextAsync(_folder["real/x"], "x");
        Directory.CreateSymbolicLink(_folder["link"], _folder["real"]);

        await new TransferRun(_ => { }).CopyAsync(new LocalEnd(_folder["real"]), new LocalEnd(_folder["link"]), [new TransferItem("x", 1, default)], removesSources: true, default);

        Assert.Equal("x", await File.ReadAllTextAsync(_folder["real/x"]));
    }

    [Fact]
    public async Task Move_ToAnotherVolume_ReplacesTheFileAsAWhole()
    {
        const string OtherVolume = "/dev/shm";
        if (!Directory.Exists(OtherVolume))
            return;
        string folder = Directory.CreateDirectory(Path.Join(OtherVolume, Path.GetRandomFileName())).FullName;
        try
        {
            string target = Path.Join(folder, "x");
            await File.WriteAllTextAsync(_folder["x"], "new");
            await File.WriteAllTextAsync(target, "old");
            using var reader = new StreamReader(new FileStream(target, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

            await new LocalEnd(target).MoveFromAsync(new LocalEnd(_folder["x"]), new TransferItem("", 3, default), _ => { }, default);

            Assert.Equal("old", await reader.ReadToEndAsync());
            Assert.Equal("new", await File.ReadAllTextAsync(target));
            Assert.False(File.Exists(_folder["x"]));
            Assert.Equal([target], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "a/b/c", true)]
    [InlineData("a/", "a/./b", true)]
    [InlineData("a", "ab", false)]
    [InlineData("a/b", "a", false)]
    public void Contains_OtherPlace_IsThisOrInside(string outer, string inner, bool expected) =>
        Assert.Equal(expected, new LocalEnd(_folder[outer]).Contains(new LocalEnd(_folder[inner])));
}
