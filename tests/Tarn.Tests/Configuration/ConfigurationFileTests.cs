using Tarn.Configuration;

namespace Tarn.Tests.Configuration;

public sealed class ConfigurationFileTests
{
    private static ConfigurationFile Read(string text) => ConfigurationFile.Parse(text, "/etc/tarn.yaml");

    [Fact]
    public void Parse_List_KeepsItsOrder() =>
        Assert.Equal(["s3://a/=./x/", "s3://=./y/"], Read("storage:\n  map:\n    - s3://a/=./x/\n    - s3://=./y/\n").Values["storage.map"].Texts);

    [Fact]
    public void Parse_Value_KnowsItsLine()
    {
        var value = Read("log:\n  level: debug\nlisten:\n  http: 127.0.0.1:1\n").Values["listen.http"];
        Assert.Equal(("127.0.0.1:1", "/etc/tarn.yaml:4"), (Assert.Single(value.Texts), value.Source.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("listen:\nlog: {}\n")]
    public void Parse_NothingSet_HasNoValues(string text)
    {
        var file = Read(text);
        Assert.Empty(file.Values);
        Assert.Empty(file.Problems);
    }

    [Theory]
    [InlineData("storage:\n  mapp: []\n", "/etc/tarn.yaml:2: unknown key 'mapp' below 'storage'; did you mean 'map'?")]
    [InlineData("colour: red\n", "/etc/tarn.yaml:1: unknown key 'colour'; known are data, listen, tls, roles, log, telemetry, engine, storage, s3, catalog, hive, metastore, root, shutdown.")]
    [InlineData("storage:\n  map: here\n", "/etc/tarn.yaml:2: 'storage.map' is a list of texts, each FROM=TO: one '- …' a line.")]
    [InlineData("listen: 8080\n", "/etc/tarn.yaml:1: expected keys below 'listen' (http, s3, catalog, hive), found the text '8080'.")]
    [InlineData("listen:\n  http: [a]\n", "/etc/tarn.yaml:2: 'listen.http' is one value of the form HOST:PORT, found a list.")]
    [InlineData("log:\n  level:\n", "/etc/tarn.yaml:2: 'log.level' has no value; give one or remove the key.")]
    [InlineData("storage: [\n", "/etc/tarn.yaml:2: ")]
    [InlineData("log: {level: info}\nlog: {level: info}\n", "/etc/tarn.yaml:2: ")]
    public void Parse_Wrong_NamesLineAndWayOut(string text, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Read(text).Problems).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Parse_SeveralWrong_FindsAll() => Assert.Equal(3, Read("listn: {}\nlog:\n  levl: debug\nroles: storage\n").Problems.Count);
}
