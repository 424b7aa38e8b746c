using Tarn.Testing;
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
        if (OtherVolume() is not { } other)
            return;
        using (other)
        {
            await File.WriteAllTextAsync(_folder["x"], "new");
            await File.WriteAllTextAsync(other["x"], "old");
            using var reader = new StreamReader(new FileStream(other["x"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

            await new LocalEnd(other["x"]).MoveFromAsync(new LocalEnd(_folder["x"]), new TransferItem("", 3, default), _ => { }, default);

            Assert.Equal("old", await reader.ReadToEndAsync());
            Assert.Equal("new", await File.ReadAllTextAsync(other["x"]));
            Assert.False(File.Exists(_folder["x"]));
            Assert.Equal([other["x"]], Directory.GetFiles(other.Path));
        }
    }

    [Fact]
    public async Task Move_ToAnotherVolume_LeavesFilesAloneWhoseNamesLookUnfinished()
    {
        if (OtherVolume() is not { } other)
            return;
        using (other)
        {
            string[] names = ["x", "x.unfinished", "x.1.unfinished"];
            foreach (string name in names)
                await File.WriteAllTextAsync(_folder[name], name);
            await File.WriteAllTextAsync(other["y.unfinished"], "kept");
            await File.WriteAllTextAsync(_folder["y"], "y");

            await new TransferRun(_ => { }).CopyAsync(new LocalEnd(_folder.Path), new LocalEnd(other.Path), [.. names.Append("y").Select(n => new TransferItem(n, n.Length, default))], removesSources: true, default);

            foreach (string name in names.Append("y"))
                Assert.Equal(name, await File.ReadAllTextAsync(other[name]));
            Assert.Equal("kept", await File.ReadAllTextAsync(other["y.unfinished"]));
            Assert.Equal(5, Directory.GetFiles(other.Path).Length);
            Assert.Empty(Directory.GetFiles(_folder.Path));
        }
    }

    private static TemporaryFolder? OtherVolume()
    {
        const string Place = "/dev/shm";
        if (Directory.Exists(Place))
            return new TemporaryFolder(Place);
        LoudSkip.Say($"moves between volumes: there is no '{Place}'");
        return null;
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
