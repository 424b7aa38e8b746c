using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Server;
using Tarn.Testing.Files;

namespace Tarn.Tests.Configuration;

public sealed class TarnConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private TarnConfiguration Load(string? file = null, (string, string)[]? variables = null, (string, string)[]? flags = null)
    {
        if (file is not null)
            File.WriteAllText(_folder[ConfigurationFile.Name], file);
        return TarnConfiguration.Load(new ConfigurationInputs
        {
            WorkingFolder = _folder.Path,
            Environment = (variables ?? []).ToDictionary(pair => pair.Item1, pair => pair.Item2),
            Flags = (flags ?? []).ToDictionary(pair => pair.Item1, pair => pair.Item2),
        });
    }

    [Fact]
    public void Load_EverySource_IsBeatenByTheNext()
    {
        const string file = "listen:\n  http: 127.0.0.1:2\n";
        (string, string)[] variable = [("TARN_LISTEN_HTTP", "127.0.0.1:3")], flag = [("listen-http", "127.0.0.1:4")];
        Assert.Equal((8080, "default"), PortAndSource(Load()));
        Assert.Equal((2, _folder["tarn.yaml"] + ":2"), PortAndSource(Load(file)));
        Assert.Equal((3, "TARN_LISTEN_HTTP"), PortAndSource(Load(file, variable)));
        Assert.Equal((4, "--listen-http"), PortAndSource(Load(file, variable, flag)));
    }

    [Theory]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("1.5 GiB", 3L << 29)]
    [InlineData("100000000", 100_000_000)]
    public void Load_MemoryLimit_IsASize(string text, long bytes)
    {
        Assert.Null(Load().Get(ConfigurationKeys.EngineMemoryLimit));
        Assert.Equal(bytes, Load($"engine:\n  memory_limit: {text}\n").Get(ConfigurationKeys.EngineMemoryLimit));
        Assert.Equal(bytes, Load(variables: [("TARN_ENGINE_MEMORY_LIMIT", text)]).Get(ConfigurationKeys.EngineMemoryLimit));
        Assert.Contains("'much' is no size; write e.g. 2GB or 512MiB", Load("engine:\n  memory_limit: much\n").Problems.Single().ToString(), StringComparison.Ordinal);
    }

    private static (int, string) PortAndSource(TarnConfiguration configuration) =>
        (configuration.Get(ConfigurationKeys.ListenHttp).Port, configuration.Source(ConfigurationKeys.ListenHttp).ToString());

    [Fact]
    public void Load_SeveralWrong_TellsAllAtOnce()
    {
        var configuration = Load("listen:\n  http: nowhere\ntelemetry:\n  otlp:\n    endpoint: ftp://x\n", [("TARN_LOG_LEVEL", "loud"), ("TARN_LISTEN_HTPP", "1")], [("roles", "storage,kitchen")]);
        string message = Assert.Throws<TarnException>(configuration.ThrowIfWrong).Message;
        Assert.StartsWith("5 things are wrong with the configuration:", message, StringComparison.Ordinal);
        foreach (string part in new[]
        {
            "tarn.yaml:2: listen.http: 'nowhere' is not HOST:PORT", "tarn.yaml:5: telemetry.otlp.endpoint: 'ftp://x' is not an http:// or https:// address.",
            "TARN_LOG_LEVEL: log.level: 'loud' is none of debug, information, warning, error.", "TARN_LISTEN_HTPP: no such variable; did you mean TARN_LISTEN_HTTP?",
            "--roles: roles: 'kitchen' is none of storage, catalog.",
        })
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_VariablesOfOthers_AreLeftAlone() =>
        Assert.Empty(Load(variables: [("TARN_PORT", "tcp://10.0.0.1:8080"), ("TARN_PORT_9000_TCP", "x"), ("TARN_SERVICE_HOST", "10.0.0.1"), ("TARN_DEBUG", "1")]).Problems);

    [Fact]
    public void Load_RelativePathOfTheFile_StartsAtItsFolder() =>
        Assert.Equal(_folder["lake"], Load("data: lake\n").Get(ConfigurationKeys.Data));

    [Fact]
    public void Load_ListInAVariable_IsSeparatedByCommas() =>
        Assert.Equal(["a.example", "b.example"], Load(variables: [("TARN_S3_DOMAINS", "a.example, b.example")]).Get(ConfigurationKeys.S3Domains));

    [Fact]
    public void Load_NamedFileMissing_NamesTheWayOut()
    {
        var error = Assert.Throws<TarnException>(() => TarnConfiguration.Load(new ConfigurationInputs { WorkingFolder = _folder.Path, File = "other.yaml" }));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Contains(_folder["other.yaml"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shown_Secret_IsMasked() =>
        Assert.Equal("********", Load(variables: [("TARN_ROOT_SECRET_KEY", "geheim")]).Shown(ConfigurationKeys.RootSecretKey));

    [Theory]
    [InlineData("bucket: A_B!!", "tarn.yaml:3: storage.s3.bucket: 'A_B!!' is no name of a bucket: only lower-case letters, digits, dots and hyphens may be used")]
    [InlineData("bucket: ab", "tarn.yaml:3: storage.s3.bucket: 'ab' is no name of a bucket: it is 2 characters long, and a bucket name has 3 to 63")]
    [InlineData("bucket: box/lake", "storage.s3.bucket: 'box/lake' is no name of a bucket")]
    [InlineData("bucket: -box", "storage.s3.bucket: '-box' is no name of a bucket: it must begin and end with a letter or digit")]
    [InlineData("bucket: box\n    prefix: /lake", "tarn.yaml:4: storage.s3.prefix: '/lake' has a slash at an end; write it without")]
    [InlineData("bucket: box\n    endpoint: https://host:9000/s3", "tarn.yaml:4: storage.s3.endpoint: 'https://host:9000/s3' has a path; name the service alone")]
    [InlineData("bucket: box\n    endpoint: host:9000", "storage.s3.endpoint: 'host:9000' is not an http:// or https:// address")]
    [InlineData("bucket: box\n    endpoint: https://key:secret@host", "storage.s3.endpoint: has a name or password in it")]
    [InlineData("bucket: box\n    region: eu west", "tarn.yaml:4: storage.s3.region: 'eu west' is no region")]
    public void Load_PlaceInAnS3ServiceThatCannotBe_IsAProblemWithItsLine(string lines, string problem)
    {
        var configuration = Load($"storage:\n  s3:\n    {lines}\n");
        Assert.Contains(problem, Assert.Single(configuration.Problems).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", configuration.Problems[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BucketInAVariable_IsCheckedThereToo()
    {
        var problem = Assert.Single(Load(variables: [("TARN_STORAGE_S3_BUCKET", "A_B!!")]).Problems);
        Assert.Contains("TARN_STORAGE_S3_BUCKET", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tls:\n  certificate: c.pem\n", "tls.certificate and tls.key go together", 2)]
    [InlineData("root:\n  access_key: admin\n", "root.access_key and root.secret_key go together", 1)]
    [InlineData("root:\n  access_key: ab\n  secret_key: abc\n", "root.access_key: has 2 characters; 3 to 128 are allowed", 1)]
    [InlineData("s3:\n  region: Mars North\n", "s3.region: The settings of the S3 door are wrong: region 'Mars North'", 1)]
    [InlineData("s3:\n  quotas: [raw]\n", "s3.quotas: 'raw' is not of the form BUCKET=SIZE, e.g. raw=20GB", 1)]
    [InlineData("s3:\n  quotas: [raw=much]\n", "s3.quotas: 'much' is no size", 1)]
    [InlineData("s3:\n  quotas: [raw=1GB, raw=2GB]\n", "s3.quotas: names the bucket 'raw' twice", 1)]
    [InlineData("listen:\n  http: 127.0.0.1:9000\n", "tarn.yaml:2: listen.http: 127.0.0.1:9000 is also the address of listen.s3, its default", 1)]
    [InlineData("listen:\n  http: 127.0.0.1:1\n  s3: 127.0.0.1:1\n", "tarn.yaml:3: listen.s3: 127.0.0.1:1 is also the address of listen.http; give", 1)]
    [InlineData("catalog:\n  rest:\n    uri: http://a/\n  hive:\n    uri: thrift://b\n", "tarn.yaml:5: catalog.hive.uri: catalog.rest.uri is set, too", 1)]
    [InlineData("catalog:\n  rest:\n    uri: http://a/\n    token: t\n    credential: a:b\n", "tarn.yaml:4: catalog.rest.token: catalog.rest.credential is set, too", 1)]
    [InlineData("catalog:\n  rest:\n    uri: http://a/\n    credential: file:none.txt\n", "tarn.yaml:4: catalog.rest.credential: There is no file", 1)]
    [InlineData("catalog:\n  hive:\n    uri: thrift://b\n    credential: nobody\n", "tarn.yaml:4: catalog.hive.credential: is not of the form NAME:PASSWORD", 1)]
    [InlineData("roles: [catalog]\ncatalog:\n  hive:\n    uri: thrift://b\n", "tarn.yaml:1: roles: names catalog, and the catalog is elsewhere", 1)]
    [InlineData("roles: [storage]\nstorage:\n  s3:\n    bucket: box\n", "tarn.yaml:1: roles: names storage, and the lake is in an S3 service", 1)]
    [InlineData("storage:\n  s3:\n    endpoint: http://a/\n", "tarn.yaml:3: storage.s3.endpoint: does nothing without storage.s3.bucket; set that, or remove this", 1)]
    [InlineData("catalog:\n  rest:\n    warehouse: a\n  hive:\n    locks: false\n", "catalog.rest.warehouse: does nothing without catalog.rest.uri", 2)]
    [InlineData("catalog:\n  undrop: 1000d\n", "'1000d' is more than the 365d that are allowed", 1)]
    [InlineData("catalog:\n  token_lifetime: 1s\n", "'1s' is less than the 1m that are needed", 1)]
    public void ServerOptions_KeysThatContradict_AreProblems(string file, string problem, int count)
    {
        var configuration = Load(file);
        ServerOptions.Of(configuration);
        Assert.Equal(count, configuration.Problems.Count);
        Assert.Contains(problem, configuration.Problems[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "storage,catalog")]
    [InlineData("catalog:\n  rest:\n    uri: http://a/\n", "storage")]
    [InlineData("storage:\n  s3:\n    bucket: box\n", "catalog")]
    [InlineData("storage:\n  s3:\n    bucket: box\ncatalog:\n  hive:\n    uri: thrift://b\n", "")]
    public void ServerOptions_RolesThatNobodyNamed_LeaveOutWhatIsElsewhere(string file, string roles)
    {
        var configuration = Load(file);
        Assert.Equal(roles, string.Join(',', ServerOptions.Of(configuration).Roles));
        Assert.Empty(configuration.Problems);
    }

    [Fact]
    public void ThrowIfWrong_SeveralInTheFile_AreToldFromTopToBottom()
    {
        string message = Assert.Throws<TarnException>(Load("shutdown:\n  drain: long\nlisten:\n  htpp: x\n  s3: y\n").ThrowIfWrong).Message;
        Assert.Equal([2, 4, 5], System.Text.RegularExpressions.Regex.Matches(message, @"yaml:(\d+):").Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("did you mean 'http'?\n", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("localhost:0", true)]
    [InlineData("[::1]:9000", true)]
    [InlineData("*:9000", false)]
    [InlineData("0.0.0.0:65535", false)]
    public void ListenAddress_RightForms_ReadBackAsWritten(string text, bool isLoopback) =>
        Assert.Equal((text, isLoopback), (ListenAddress.Parse(text).ToString(), ListenAddress.Parse(text).IsLoopback));

    [Theory]
    [InlineData("8080")]
    [InlineData(":8080")]
    [InlineData("::1:8080")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("host.example:80")]
    public void ListenAddress_WrongForms_AreRefused(string text) => Assert.Throws<FormatException>(() => ListenAddress.Parse(text));

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    public void ShutdownDrain_RightForms_AreRead(string text, double seconds) =>
        Assert.Equal(seconds, Load(variables: [("TARN_SHUTDOWN_DRAIN", text)]).Get(ConfigurationKeys.ShutdownDrain).TotalSeconds);

    [Theory]
    [InlineData("30")]
    [InlineData("-1s")]
    [InlineData("2h")]
    [InlineData("99999999999s")]
    public void ShutdownDrain_WrongForms_AreProblems(string text) => Assert.Single(Load(variables: [("TARN_SHUTDOWN_DRAIN", text)]).Problems);

    /// <summary>What users of a Hive Metastore write there; a path without scheme is completed by the metastore.</summary>
    [Theory]
    [InlineData("hdfs://namenode:8020/user/hive/warehouse")]
    [InlineData("hdfs:///user/hive/warehouse")]
    [InlineData("s3a://lake/warehouse")]
    [InlineData("file:/srv/warehouse")]
    [InlineData("/user/hive/warehouse")]
    public void HiveWarehouse_RightForms_AreRead(string text) => Assert.Equal(text, Load($"catalog:\n  hive:\n    warehouse: {text}\n").Get(ConfigurationKeys.CatalogHiveWarehouse));

    [Theory]
    [InlineData("warehouse")]
    [InlineData("lake/warehouse")]
    [InlineData("s3a://")]
    [InlineData("s3:///warehouse")]
    public void HiveWarehouse_WrongForms_AreProblems(string text)
    {
        string message = Assert.Throws<TarnException>(Load($"catalog:\n  hive:\n    warehouse: {text}\n").ThrowIfWrong).Message;
        Assert.Contains("yaml:3:", message, StringComparison.Ordinal);
        Assert.Contains("catalog.hive.warehouse", message, StringComparison.Ordinal);
        Assert.Contains($"'{text}'", message, StringComparison.Ordinal);
    }
}
