using System.Text;
using Tarn.Core.Files;
using Tarn.Testing.Files;

namespace Tarn.Core.Tests.Files;

public sealed class OwnerOnlyFileTests : IDisposable
{
    private const string Unfinished = "key.pem.0123456789abcdef0123456789abcdef.tmp";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_AfterAKillInTheMiddle_RemovesWhatWasLeft()
    {
        File.WriteAllText(_folder[Unfinished], "secret");
        File.WriteAllText(_folder["key.pem.bak.tmp"], "of the user");

        Assert.True(OwnerOnlyFile.Write(_folder["key.pem"], "new"u8, replace: true));

        Assert.Equal(["key.pem", "key.pem.bak.tmp"], Directory.GetFiles(_folder.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal("new", Encoding.UTF8.GetString(OwnerOnlyFile.Read(_folder["key.pem"])!));
    }

    [Fact]
    public void Write_WhileAnotherWrites_LeavesItsFile()
    {
        using var other = new FileStream(_folder[Unfinished], FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        other.Write("secret"u8);
        other.Flush();

        Assert.True(OwnerOnlyFile.Write(_folder["key.pem"], "new"u8, replace: true));

        Assert.True(File.Exists(_folder[Unfinished]));
    }

    [Fact]
    public async Task Write_ByManyAtOnce_IsOneOfThemAndLeavesNothing()
    {
        string[] contents = [.. Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 5000))];
        await Task.WhenAll(contents.Select(c => Task.Run(() => OwnerOnlyFile.Write(_folder["key.pem"], Encoding.ASCII.GetBytes(c), replace: true))));

        Assert.Contains(Encoding.ASCII.GetString(OwnerOnlyFile.Read(_folder["key.pem"])!), contents);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }
}
