using Tarn.Composition;
using Tarn.Core.Errors;

namespace Tarn.Tests.Composition;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tarn-yaml").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IReadOnlyList<KeyValuePair<string, string>> Read(string text)
    {
        File.WriteAllText(Path.Join(_folder, ConfigurationFile.Name), text);
        return ConfigurationFile.ReadMap(_folder);
    }

    [Fact]
    public void ReadMap_List_KeepsItsOrder() => Assert.Equal(
        [KeyValuePair.Create("s3://a/", "./x/"), KeyValuePair.Create("s3://", "./y/")],
        Read("storage:\n  map:\n    - s3://a/=./x/\n    - s3://=./y/\n"));

    [Fact]
    public void ReadMap_WithoutAFile_IsEmpty() => Assert.Empty(ConfigurationFile.ReadMap(_folder));

    [Theory]
    [InlineData("storage:\n  mapp: []\n", "line 2: unknown key 'mapp'; known is 'map'.")]
    [InlineData("storage:\n  map: here\n", "line 2: expected a list of texts of the form FROM=TO.")]
    [InlineData("storage: [\n", "line 2: ")]
    public void ReadMap_Malformed_NamesTheLine(string text, string message) =>
        Assert.Contains(message, Assert.Throws<TarnException>(() => Read(text)).Message, StringComparison.Ordinal);
}
