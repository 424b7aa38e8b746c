using System.Net;
using Tarn.Core.Errors;
using Tarn.Server.Listening;
using Tarn.Testing.Files;

namespace Tarn.Tests.Server.Listening;

public sealed class ReadyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Listeners_NamesWhatThisMachineReaches()
    {
        new ReadyFile(_folder["ready"]).Write([
            new("http", new IPEndPoint(IPAddress.Loopback, 8080)), new("s3", new IPEndPoint(IPAddress.Any, 9000)), new("x", new IPEndPoint(IPAddress.IPv6Loopback, 1))]);
        Assert.Equal("""{"http":"127.0.0.1:8080","s3":"127.0.0.1:9000","x":"[::1]:1"}""" + "\n", File.ReadAllText(_folder["ready"]));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Remove_WithoutAFile_IsDone() => new ReadyFile(_folder["none"]).Remove();

    [Fact]
    public void Remove_FolderMissing_SaysWhatToDo() =>
        Assert.Equal(
            $"There is no folder '{_folder["no"]}' for the ready file '{Path.Join(_folder["no"], "ready")}'; make it, or give --ready-file another place.",
            Assert.Throws<TarnException>(() => new ReadyFile(Path.Join(_folder["no"], "ready")).Remove()).Message);

    [Fact]
    public void Write_FolderMissing_NamesThePath() =>
        Assert.Contains(_folder["no"], Assert.Throws<TarnException>(() => new ReadyFile(Path.Join(_folder["no"], "ready")).Write([])).Message, StringComparison.Ordinal);
}
