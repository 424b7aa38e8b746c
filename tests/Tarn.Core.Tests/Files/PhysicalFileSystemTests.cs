using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Testing.Files;

namespace Tarn.Core.Tests.Files;

public sealed class PhysicalFileSystemTests : FileSystemContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override IFileSystem Files => PhysicalFileSystem.Instance;

    protected override string Root => _folder.Path;

    [Fact]
    public void Rename_OtherVolume_SaysSo()
    {
        if (!Directory.Exists("/dev/shm"))
            return;
        string target = $"/dev/shm/tarn-{Guid.NewGuid():N}";
        File.WriteAllText(_folder["a"], "x");
        Assert.True(FileErrors.IsOtherVolume(Assert.ThrowsAny<IOException>(() => Files.Rename(_folder["a"], target, replace: false))));
        Assert.True(FileErrors.IsOtherVolume(Assert.ThrowsAny<IOException>(() => Files.Rename(_folder["a"], target, replace: true))));
        Assert.False(File.Exists(target));
    }

    [Fact]
    public void Translate_PermissionDenied_SaysWhatToDo()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        Directory.CreateDirectory(_folder["closed"]);
        File.SetUnixFileMode(_folder["closed"], UnixFileMode.None);
        var error = Assert.ThrowsAny<Exception>(() => Files.CreateNew(_folder["closed/a"]));
        Assert.Equal(ErrorKind.PermissionDenied, FileErrors.Translate(error, "Cannot write", "x").Kind);
        File.SetUnixFileMode(_folder["closed"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Stat_WhateverStandsThere_IsWhatTheRuntimeSays()
    {
        File.WriteAllText(_folder["file"], "12345");
        File.SetLastWriteTimeUtc(_folder["file"], new DateTime(1969, 12, 31, 23, 59, 58, DateTimeKind.Utc).AddTicks(1_234_567));
        Directory.CreateDirectory(_folder["folder"]);
        Assert.Equal(new FileStat(_folder["file"], false, 5, new FileInfo(_folder["file"]).LastWriteTimeUtc), Files.Stat(_folder["file"]));
        Assert.Equal(new FileStat(_folder["folder"], true, 0, new DirectoryInfo(_folder["folder"]).LastWriteTimeUtc), Files.Stat(_folder["folder"]));
        Assert.Null(Files.Stat(_folder["missing"]));
        Assert.Null(Files.Stat(_folder["missing/below"]));
        Assert.Null(Files.Stat(_folder["file/below"]));
    }

    [Fact]
    public void Stat_Link_SaysSo()
    {
        // Making links is for administrators there.
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllText(_folder["file"], "12345");
        Directory.CreateDirectory(_folder["folder"]);
        File.CreateSymbolicLink(_folder["to-file"], _folder["file"]);
        File.CreateSymbolicLink(_folder["to-nothing"], _folder["missing"]);
        Directory.CreateSymbolicLink(_folder["to-folder"], _folder["folder"]);
        Assert.True(Files.Stat(_folder["to-file"]) is { IsLink: true, IsFolder: false });
        Assert.True(Files.Stat(_folder["to-folder"]) is { IsLink: true, IsFolder: true });
        Assert.True(Files.Stat(_folder["to-nothing"]) is { IsLink: true, IsFolder: false });
        Assert.True(Files.Stat(_folder["folder"]) is { IsLink: false, IsFolder: true });
    }

    [Fact]
    public async Task Enumerate_FilesThatComeAndGo_NeverFails()
    {
        const int rounds = 3_000;
        Directory.CreateDirectory(_folder["f"]);
        await File.WriteAllTextAsync(_folder["f/stays"], "x");
        var changing = Task.Run(() =>
        {
            for (int i = 0; i < rounds; i++)
            {
                File.WriteAllText(_folder[$"f/{i}"], "x");
                File.Delete(_folder[$"f/{i}"]);
            }
        });
        do
        {
            Assert.Contains(Files.Enumerate(_folder["f"]), e => e.Path == "stays");
        }
        while (!changing.IsCompleted);
        await changing;
    }

    [Theory]
    [InlineData(FileFailure.NoSpace, ErrorKind.ResourceExhausted)]
    [InlineData(FileFailure.ReadOnlyVolume, ErrorKind.PermissionDenied)]
    [InlineData(FileFailure.NotAFolder, ErrorKind.InvalidRequest)]
    [InlineData(FileFailure.InputOutput, ErrorKind.Unavailable)]
    public void Translate_Failure_HasItsKindAndNamesThePath(FileFailure failure, ErrorKind kind)
    {
        var error = FileErrors.Translate(FileErrors.Create(failure, "/p"), "Cannot store 's3://lake/a'", "/p/a");
        Assert.Equal(kind, error.Kind);
        Assert.StartsWith("Cannot store 's3://lake/a': '/p/a': ", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}

public sealed class PowerCutFileSystemContractTests : FileSystemContract
{
    private readonly PowerCutFileSystem _disk = new();

    public PowerCutFileSystemContractTests()
    {
        _disk.CreateFolder(Root);
    }

    protected override IFileSystem Files => _disk;

    protected override string Root => "/work";
}
