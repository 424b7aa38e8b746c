using Tarn.Core.Files;
using Tarn.Testing.Files;

namespace Tarn.Core.Tests.Files;

public sealed class UnfinishedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder["rows.csv"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteAsync_UntilComplete_ShowsWhatWasThere()
    {
        await File.WriteAllTextAsync(Target, "before");

        int rows = await UnfinishedFile.WriteAsync(Target, async path =>
        {
            await File.WriteAllTextAsync(path, "after");
            Assert.Equal("before", await File.ReadAllTextAsync(Target));
            return 7;
        });

        Assert.Equal((7, "after"), (rows, await File.ReadAllTextAsync(Target)));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task WriteAsync_Failing_LeavesWhatWasThereAndNothingElse()
    {
        await File.WriteAllTextAsync(Target, "before");

        await Assert.ThrowsAsync<InvalidOperationException>(() => UnfinishedFile.WriteAsync<int>(Target, async path =>
        {
            await File.WriteAllTextAsync(path, "half");
            throw new InvalidOperationException();
        }));

        Assert.Equal("before", await File.ReadAllTextAsync(Target));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_ContentAtHand_ReplacesTheFile()
    {
        File.WriteAllText(Target, "before");
        UnfinishedFile.Write(Target, "after"u8.ToArray());
        Assert.Equal("after", File.ReadAllText(Target));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }
}
