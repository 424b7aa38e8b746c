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
