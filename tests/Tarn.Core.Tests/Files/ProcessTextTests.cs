using Tarn.Core.Files;

namespace Tarn.Core.Tests.Files;

public sealed class ProcessTextTests
{
    [Theory]
    [InlineData("7 (tarn sql)", "/opt/tarn.dll", "sql", "-c", "SELECT 'TOPSECRET-4711'")]
    [InlineData("7 (tarn s3)", "tarn", "s3", "alias", "set", "here", "key", "secret")]
    [InlineData("7 (tarn)", "tarn", "--data", "folder", "sql", "-c", "SELECT 1")]
    [InlineData("7 (tarn)", "tarn", "SELECT 'TOPSECRET-4711'")]
    [InlineData("7 (tarn)", "tarn")]
    [InlineData("7 (?)")]
    public void Of_ACommandLine_IsTheCommandAlone(string expected, params string[] commandLine) =>
        Assert.Equal(expected, ProcessText.Of(7, commandLine));
}
