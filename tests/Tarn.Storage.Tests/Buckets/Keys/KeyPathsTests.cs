using System.Text;
using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Tests.Buckets.Keys;

public sealed class KeyPathsTests
{
    [Theory]
    [InlineData("sales/orders-1f/data/00000-0.parquet", "sales/orders-1f/data/00000-0.parquet")]
    [InlineData("t/company=Acme+Inc./f.parquet", "t/.tarn-~company=Acme+Inc%2E/f.parquet")]
    [InlineData("..", ".tarn-~.%2E")]
    [InlineData("a//b/", "a/.tarn-~/b/.tarn-~")]
    [InlineData("50% of a:b", ".tarn-~50%25 of a%3Ab")]
    [InlineData("con", ".tarn-~con")]
    [InlineData("nul\0", ".tarn-~nul%00")]
    [InlineData(".tarn-0.tmp", ".tarn-~.tarn-0.tmp")]
    public void Write_Key_LeavesPlainSegmentsAndEscapesTheOthers(string key, string path)
    {
        Assert.Equal(path, KeyPaths.Write(key));
        Assert.True(KeyPaths.TryRead(path, out string read));
        Assert.Equal(key, read);
    }

    [Fact]
    public void Write_AnyKey_IsReadBackFromNamesThatEveryFileSystemHolds()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        string[] pieces = ["a", "B", "/", ".", " ", "%", "%2E", "~", "+", ":", "\u0001", "\u0085", "ä", "\uFFFD", "\U0001F600", ".tarn-", "con", "", new string('x', 200), string.Concat(Enumerable.Repeat("%C3%A4", 60)), new string('.', 90)];
        for (int i = 0; i < 2000; i++)
        {
            string key = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
            string path = KeyPaths.Write(key)!;
            Assert.True(KeyPaths.TryRead(path, out string read) && read == key, $"Seed {seed}: '{key}' became '{path}' and was read back as '{read}'.");
            Assert.All(path.Split('/'), n => Assert.True(Encoding.UTF8.GetByteCount(n) is > 0 and <= 255 && n[^1] is not ('.' or ' ') && n.All(PlainKeys.IsPlainCharacter), $"Seed {seed}: '{key}' has the name '{n}'."));
        }
    }

    [Fact]
    public void Write_PathTooLong_IsNone() => Assert.Null(KeyPaths.Write(new string('/', 1024)));
}
