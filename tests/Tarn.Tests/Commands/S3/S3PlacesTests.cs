using Tarn.CommandLine;
using Tarn.Commands.S3;
using Tarn.Core.Errors;
using Tarn.Storage.Transfer;
using Tarn.Testing.Files;

namespace Tarn.Tests.Commands.S3;

public sealed class S3PlacesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly S3Aliases _aliases;

    public S3PlacesTests()
    {
        _aliases = new S3Aliases(_folder["tarn/s3.json"]);
        _aliases.Set("prod", new S3Alias(new Uri("https://host:9000"), "us-east-1", "key", "secret", null, null));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("prod:raw/a/b.csv", "raw", "a/b.csv", false)]
    [InlineData("prod:raw/a/", "raw", "a/", true)]
    [InlineData("prod:raw", "raw", "", true)]
    [InlineData("prod:", "", "", true)]
    [InlineData("prod:raw//x:y", "raw", "/x:y", false)]
    public void Find_Alias_GivesBucketAndKey(string text, string bucket, string key, bool isFolder)
    {
        using var places = Open();
        var end = Assert.IsType<S3End>(places.Find(text));

        Assert.Equal((bucket, key, isFolder, "prod"), (end.Bucket, end.Key, end.IsFolder, end.Service.Name));
    }

    [Theory]
    [InlineData("orders.csv")]
    [InlineData("./prod:x")]
    [InlineData("/srv/a:b")]
    [InlineData("C:\\data")]
    public void Find_Path_IsLocal(string text)
    {
        using var places = Open();
        Assert.IsType<LocalEnd>(places.Find(text));
    }

    [Fact]
    public void Find_UnknownAlias_NamesThoseThatAreSet()
    {
        using var places = Open();
        var error = Assert.Throws<TarnException>(() => places.Find("prdo:raw"));

        Assert.Contains("set are prod", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_File_IsReadableByItsOwnerOnly()
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["tarn/s3.json"]));
        Assert.Equal("secret", _aliases.Read()["prod"].SecretKey);
        Assert.True(_aliases.Remove("prod"));
        Assert.False(_aliases.Remove("prod"));
        Assert.Empty(_aliases.Read());
    }

    private S3Places Open() => new(new ParsedCommand(S3Commands.Spec.Subcommands[0]), _aliases);
}
