using System.Text;
using Tarn.Core.Files;

namespace Tarn.Testing.Files;

/// <summary>What every file system does, so that the simulated disk behaves as the real one until the power is cut.</summary>
public abstract class FileSystemContract
{
    protected abstract IFileSystem Files { get; }

    /// <summary>An existing, empty folder.</summary>
    protected abstract string Root { get; }

    [Fact]
    public void Write_BeyondTheEnd_FillsWithZeros()
    {
        using var file = Files.CreateNew(At("a"));
        file.Write("xy"u8, 3);
        var buffer = new byte[10];
        Assert.Equal((5L, 5), (file.LengthBytes, file.Read(buffer, 0)));
        Assert.Equal("\0\0\0xy"u8.ToArray(), buffer[..5]);
        Assert.Equal(0, file.Read(buffer, 5));
        file.Truncate(4);
        file.Sync();
        Assert.Equal(4, Files.Stat(At("a"))!.SizeBytes);
    }

    [Fact]
    public void Allocate_BeyondTheEnd_AddsZerosAndKeepsWhatWasThere()
    {
        using var file = Files.CreateNew(At("a"));
        file.Write("12"u8, 0);
        file.Allocate(10_000);
        Assert.Equal(10_000, file.LengthBytes);
        byte[] content = new byte[10_000];
        Assert.Equal(content.Length, file.Read(content, 0));
        Assert.Equal("12"u8.ToArray(), content[..2]);
        Assert.All(content[2..], b => Assert.Equal(0, b));
        file.Allocate(10_000);
        Assert.Equal(10_000, file.LengthBytes);
    }

    [Fact]
    public void BeginSync_AnyRange_ChangesNothing()
    {
        using var file = Files.CreateNew(At("a"));
        file.Write("123"u8, 0);
        file.BeginSync(0, 3);
        file.BeginSync(100, 1);
        file.Sync();
        Assert.Equal(3, file.LengthBytes);
    }

    [Fact]
    public void Open_Missing_SaysWhatIsMissing()
    {
        Assert.Throws<FileNotFoundException>(() => Files.OpenRead(At("none")));
        Assert.Throws<FileNotFoundException>(() => Files.SyncFile(At("none")));
        Assert.Throws<DirectoryNotFoundException>(() => Files.CreateNew(At("no/ne")));
        Assert.Throws<DirectoryNotFoundException>(() => Files.Enumerate(At("none")));
        Assert.Throws<DirectoryNotFoundException>(() => Files.CreateFolder(At("no/ne")));
        Assert.Null(Files.Stat(At("no/ne")));
    }

    [Fact]
    public void CreateNew_Existing_IsAlreadyThere()
    {
        Put("a", "1");
        Assert.True(FileErrors.IsAlreadyThere(Assert.ThrowsAny<IOException>(() => Files.CreateNew(At("a")))));
        Assert.Equal("1", Get("a"));
    }

    [Fact]
    public void OpenWrite_Existing_KeepsItsContent()
    {
        Put("a", "12345");
        using (var file = Files.OpenWrite(At("a")))
            file.Write("X"u8, 1);
        Assert.Equal("1X345", Get("a"));
    }

    [Fact]
    public void Rename_Target_IsReplacedOnlyWhenAsked()
    {
        Put("a", "new");
        Put("b", "old");
        Assert.True(FileErrors.IsAlreadyThere(Assert.ThrowsAny<IOException>(() => Files.Rename(At("a"), At("b"), replace: false))));
        Assert.Equal(("new", "old"), (Get("a"), Get("b")));
        Files.Rename(At("a"), At("b"), replace: true);
        Assert.Equal("new", Get("b"));
        Assert.Null(Files.Stat(At("a")));
        Files.CreateFolder(At("f"));
        Files.Rename(At("b"), At("f/c"), replace: false);
        Assert.Equal("new", Get("f/c"));
        Assert.Throws<FileNotFoundException>(() => Files.Rename(At("b"), At("d"), replace: false));
    }

    [Fact]
    public void Delete_PresentAndAbsent_BothSucceed()
    {
        Put("a", "1");
        Files.CreateFolder(At("f"));
        Files.DeleteFile(At("a"));
        Files.DeleteFile(At("a"));
        Files.DeleteFile(At("no/ne"));
        Files.DeleteFolder(At("f"));
        Files.DeleteFolder(At("f"));
        Assert.Empty(Files.Enumerate(Root));
    }

    [Fact]
    public void DeleteFolder_WithContent_Fails()
    {
        Files.CreateFolder(At("f"));
        Put("f/a", "1");
        Assert.ThrowsAny<IOException>(() => Files.DeleteFolder(At("f")));
        Assert.Equal("1", Get("f/a"));
    }

    [Fact]
    public void Enumerate_FilesAndFolders_GivesBareNames()
    {
        Put("a", "123");
        Assert.True(Files.CreateFolder(At("f")));
        Assert.False(Files.CreateFolder(At("f")));
        Files.SyncFolder(Root);
        Assert.Equal([("a", false, 3L), ("f", true, 0L)], Files.Enumerate(Root).OrderBy(e => e.Path).Select(e => (e.Path, e.IsFolder, e.SizeBytes)));
    }

    [Fact]
    public void TryLock_Held_IsRefusedUntilReleasedAndNamesTheHolder()
    {
        var first = Files.TryLock(At("lock"), "first holder, a long text");
        Assert.NotNull(first);
        Assert.Null(Files.TryLock(At("lock"), "second"));
        Assert.Equal("first holder, a long text", Files.ReadLockHolder(At("lock")));
        first.Dispose();
        using var second = Files.TryLock(At("lock"), "second");
        Assert.NotNull(second);
        Assert.Equal("second", Files.ReadLockHolder(At("lock")));
        Assert.Equal("", Files.ReadLockHolder(At("no lock")));
    }

    [Fact]
    public void Copy_WholeFile_StandsAtTheOffset()
    {
        Put("a", "12345");
        Put("empty", "");
        using (var target = Files.CreateNew(At("b")))
        {
            target.Write("xyz"u8, 0);
            Assert.Equal(5, Files.Copy(At("a"), target, 2));
            Assert.Equal(0, Files.Copy(At("empty"), target, 1));
        }

        Assert.Equal("xy12345", Get("b"));
    }

    [Fact]
    public void FreeBytes_OfAFolder_IsPositive() => Assert.True(Files.FreeBytes(Root) > 0);

    private string At(string name) => Path.Join(Root, name);

    private void Put(string name, string text)
    {
        using var file = Files.CreateNew(At(name));
        file.Write(Encoding.UTF8.GetBytes(text), 0);
    }

    private string Get(string name)
    {
        using var file = Files.OpenRead(At(name));
        var buffer = new byte[file.LengthBytes];
        return Encoding.UTF8.GetString(buffer, 0, file.Read(buffer, 0));
    }
}
