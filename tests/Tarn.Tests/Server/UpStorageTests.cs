using System.Globalization;
using System.Net;
using Tarn.CommandLine;
using Tarn.Testing;
using Tarn.Testing.S3;

namespace Tarn.Tests.Server;

/// <summary>The S3 door of the running server, as an unmodified client sees it.</summary>
public sealed class UpStorageTests : IDisposable
{
    // Arguments: endpoint, certificate to trust or nothing, and what to do: put, get, or a key of the bucket lake.
    private const string Client = """
        import boto3, sys, botocore.config
        s3 = boto3.client("s3", endpoint_url=sys.argv[1], aws_access_key_id="rootkey", aws_secret_access_key="rootsecret", region_name="us-east-1",
                          verify=sys.argv[2] or None, config=botocore.config.Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}))
        if sys.argv[3] == "put":
            s3.create_bucket(Bucket="notes")
            s3.put_object(Bucket="notes", Key="a/b.txt", Body=b"hello")
        if sys.argv[3] in ("put", "get"):
            print(s3.get_object(Bucket="notes", Key="a/b.txt")["Body"].read().decode())
        else:
            print(len(s3.get_object(Bucket="lake", Key=sys.argv[3])["Body"].read()))
        """;

    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    private Task<RunningServer> StartAsync(params string[] words)
    {
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), RootKey.Settings);
        return RunningServer.StartAsync(_tarn, words);
    }

    [Fact]
    public async Task S3_ObjectsOfAKilledServer_AreThereAfterTheNextStart()
    {
        if (!PythonTool.Has("boto3"))
            return;
        await using (var first = await StartAsync())
        {
            Assert.Equal("hello", PythonTool.Run("boto3", Client, "http://" + first.Listeners["s3"], "", "put").Trim());
            first.Send("KILL");
            await first.EndAsync();
        }

        await using var second = await StartAsync();
        Assert.Equal("hello", PythonTool.Run("boto3", Client, "http://" + second.Listeners["s3"], "", "get").Trim());
    }

    [Fact]
    public async Task Up_DamagedIndex_IsRefusedNamingTheRepairThatBringsObjectsBack()
    {
        await using (var first = await StartAsync())
        {
            using var s3 = new S3Client(first.Listeners["s3"], RootKey.Id, RootKey.Secret);
            Assert.Equal(HttpStatusCode.OK, (await s3.SendAsync(HttpMethod.Put, "/notes")).Status);
            Assert.Equal(HttpStatusCode.OK, (await s3.PutAsync("notes", "a/b.txt", "hello"u8.ToArray())).Status);
            first.Send("KILL");
            await first.EndAsync();
        }

        Assert.Contains("not damaged", (await _tarn.RunAsync("s3", "repair")).Error, StringComparison.Ordinal);
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn-data", ".objects", "index", "manifest"), "torn");
        var refused = await _tarn.RunAsync("up", "--listen-http", "127.0.0.1:0", "--listen-s3", "127.0.0.1:0");
        Assert.NotEqual(ExitCode.Done, refused.ExitCode);
        Assert.Contains("tarn s3 repair", refused.Error, StringComparison.Ordinal);
        var repair = await _tarn.RunAsync("s3", "repair");
        Assert.True(repair.ExitCode == ExitCode.Done, $"{repair}");
        Assert.Contains("the manifest of", repair.Error, StringComparison.Ordinal);

        await using var second = await StartAsync();
        using var after = new S3Client(second.Listeners["s3"], RootKey.Id, RootKey.Secret);
        Assert.Equal("hello"u8.ToArray(), (await after.GetAsync("notes", "a/b.txt")).Body);
    }

    [Fact]
    public async Task S3_OverTheGeneratedCertificate_IsTrustedByWhoTrustsIt()
    {
        if (!PythonTool.Has("boto3"))
            return;
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), "tls:\n  generate: true\n" + RootKey.Settings);
        await using var server = await RunningServer.StartAsync(_tarn);
        string certificate = Path.Join(_tarn.Folder, "tarn-data", ".server", "tls", "certificate.pem");
        Assert.Equal("hello", PythonTool.Run("boto3", Client, "https://" + server.Listeners["s3"], certificate, "put").Trim());
    }

    [Fact]
    public async Task S3_TablesOfTheCommandLine_AreObjectsOfTheBucketLake()
    {
        if (!PythonTool.Has("boto3"))
            return;
        await using var server = await StartAsync();
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "a.csv"), "i,name\n1,x\n2,y\n");
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("ingest", "a.csv", "--table", "s.t")).ExitCode);
        string lake = Path.Join(_tarn.Folder, "tarn-data", "lake");
        string file = Assert.Single(Directory.GetFiles(lake, "*.parquet", SearchOption.AllDirectories));
        string key = Path.GetRelativePath(lake, file).Replace('\\', '/');
        Assert.Equal(new FileInfo(file).Length.ToString(CultureInfo.InvariantCulture), PythonTool.Run("boto3", Client, "http://" + server.Listeners["s3"], "", key).Trim());
    }

    [Fact]
    public async Task S3_KeysThatAreNoPaths_AreFilesOfTablesForClientsAndForSql()
    {
        await using var server = await StartAsync();
        using var s3 = new S3Client(server.Listeners["s3"], RootKey.Id, RootKey.Secret);
        const string Rows = "VALUES (1, 'Acme Inc.'), (2, '..'), (3, repeat('ä', 60)), (4, 'Beta')";
        var made = await _tarn.RunAsync("sql", "-c", $"CREATE SCHEMA iceberg.s; CREATE TABLE iceberg.s.t (id INTEGER, company VARCHAR) PARTITIONED BY (company); INSERT INTO iceberg.s.t {Rows}");
        Assert.True(made.ExitCode == ExitCode.Done, $"{made}");
        string[] files = [.. (await s3.ListAsync("lake", "s/t-")).Select(o => o.Key).Where(k => k.EndsWith(".parquet", StringComparison.Ordinal))];
        Assert.Equal(4, files.Length);
        Assert.Contains(files, f => f.Contains("/company=Acme+Inc./", StringComparison.Ordinal));
        foreach (string file in files)
        {
            byte[] written = (await s3.GetAsync("lake", file)).Body;
            Assert.Equal(HttpStatusCode.NoContent, (await s3.DeleteAsync("lake", file)).Status);
            Assert.Equal(HttpStatusCode.OK, (await s3.PutAsync("lake", file, written)).Status);
        }

        Assert.Equal("id\n1\n2\n3\n4\n", (await _tarn.RunAsync("sql", "-c", "SELECT id FROM iceberg.s.t ORDER BY id", "--format", "csv")).Out);
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("sql", "-c", "DELETE FROM iceberg.s.t WHERE company = 'Acme Inc.'")).ExitCode);
        Assert.Equal("id\n2\n3\n4\n", (await _tarn.RunAsync("sql", "-c", "SELECT id FROM iceberg.s.t ORDER BY id", "--format", "csv")).Out);
    }

    [Fact]
    public async Task Doors_EachListener_AnswersItsOwnProtocolOnly()
    {
        await using var server = await StartAsync();
        using var client = new HttpClient();
        var s3 = await client.GetAsync($"http://{server.Listeners["s3"]}/health/live");
        Assert.NotEqual(HttpStatusCode.OK, s3.StatusCode);
        Assert.Contains("<Error>", await s3.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(server.Http + "/notes/a")).StatusCode);
    }
}
