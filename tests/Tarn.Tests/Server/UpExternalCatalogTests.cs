using System.Collections.Immutable;
using Tarn.CommandLine;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;
using Tarn.Testing.Lakes;

namespace Tarn.Tests.Server;

/// <summary>One Tarn serves a catalog and its objects; another uses them in the place of its own.</summary>
public sealed class UpExternalCatalogTests : IDisposable
{
    private const string Count = "tarn sql -c 'SELECT count(*) AS n, sum(i) AS s FROM s.t' --format csv";

    private readonly TarnProcess _service = new();
    private readonly TarnProcess _tarn = new();

    public void Dispose()
    {
        _tarn.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task Sql_OnACatalogElsewhere_ReadsAndWritesThere()
    {
        await using var server = await StartAsync();
        await ConfigureAsync(server, isCatalog: true);
        await RunAsync("printf 'i,name\\n1,x\\n2,y\\n' > a.csv && tarn ingest a.csv --table s.t && tarn sql -c 'INSERT INTO s.t SELECT i + 2, name FROM s.t'");
        await RunAsync("tarn sql -c 'ALTER TABLE s.t ADD COLUMN note VARCHAR; CREATE VIEW s.v AS SELECT i FROM s.t WHERE i > 1'");
        await RunAsync("printf 'i,name\\n7,z\\nbad,z\\n' > b.csv && tarn ingest b.csv --table s.t --on-error quarantine");
        Assert.Equal("n,s\n5,17\n", await RunAsync(Count));
        Assert.Equal(ExitCode.Failed, (await BashAsync("tarn ingest a.csv --table gone.t --partition-by 'month(none)'")).ExitCode);
        Assert.DoesNotContain("gone", await RunAsync("tarn sql -c 'SHOW SCHEMAS'"), StringComparison.Ordinal);
        Assert.Equal("n\n4\n", await RunAsync("tarn sql -c 'SELECT count(*) AS n FROM s.v' --format csv"));
        await RunAsync("tarn sql -c 'CREATE TABLE s.made AS SELECT i FROM s.t'");
        Assert.Contains("from,1,table,iceberg/s.t,", await RunAsync("tarn lineage s.made --format csv"), StringComparison.Ordinal);
        Assert.Contains("t__rejected", await RunAsync("tarn tables && tarn describe s.t && tarn history s.t"), StringComparison.Ordinal);

        // The folder of the server has everything, and the folder of the command no catalog.
        Assert.Equal("n,s\n5,17\n", Require(await _service.BashAsync(Count)));
        var own = await BashAsync("tarn branch list");
        Assert.Equal(ExitCode.Failed, own.ExitCode);
        Assert.Contains("catalog.rest.uri", own.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("rootsecret", await RunAsync("tarn config show"), StringComparison.Ordinal);
        await RunAsync("tarn sql -c 'DROP VIEW s.v; DROP TABLE s.t'");
        Assert.NotEqual(ExitCode.Done, (await _service.BashAsync(Count)).ExitCode);
    }

    [Fact]
    public async Task Tables_OfACatalogElsewhereWithANameThatNoAddressHolds_ListsTheOthersAndFails()
    {
        Require(await _service.BashAsync("tarn sql -c 'CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS i'"));
        ICommitLog log = null!;
        await using (LocalLake.Open(Path.Join(_service.Folder, "tarn-data"), aroundLog: own => log = own))
        {
            foreach (var name in new[] { Namespace.Of("."), Namespace.Of(".", "a"), Namespace.Of("s", "..") })
                await log.AppendAsync(new CommitRequest("old", [], [new CatalogChange.PutNamespace(name, ImmutableSortedDictionary<string, string>.Empty)]));
        }

        await using var server = await StartAsync();
        await ConfigureAsync(server, isCatalog: true);
        await RunAsync("tarn sql -c 'CREATE TABLE \".\".a.t AS SELECT 1 AS i; CREATE TABLE s.\"..\".t AS SELECT 1 AS i'");
        var listed = await BashAsync("tarn tables --format csv");
        Assert.Equal(ExitCode.Failed, listed.ExitCode);
        Assert.Equal(["\"\"\".\"\".a\",t", "s,t", "\"s.\"\"..\"\"\",t"], listed.Out.Split('\n')[1..^1].Select(l => l[..l.IndexOf(",table", StringComparison.Ordinal)]));
        Assert.Contains("Schema \".\" cannot be listed: ", listed.Error, StringComparison.Ordinal);
        Assert.Equal("i\n1\n", await RunAsync("tarn sql -c 'SELECT i FROM \".\".a.t' --format csv"));
        Assert.Contains("\".\".a", await RunAsync("tarn sql -c 'SHOW SCHEMAS'"), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await BashAsync("tarn tables s")).ExitCode);
    }

    [Fact]
    public async Task Sql_OnAMetastoreElsewhere_ReadsAndWritesThere()
    {
        await using var server = await StartAsync();
        await ConfigureAsync(server, isCatalog: false);
        await File.AppendAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), $"catalog:\n  hive:\n    uri: thrift://{server.Listeners["hive"]}\n    credential: file:secret.txt\n");
        await RunAsync("printf 'i,name\\n1,x\\n2,y\\n' > a.csv && tarn ingest a.csv --table s.t && tarn sql -c 'INSERT INTO s.t SELECT i + 2, name FROM s.t'");
        await RunAsync("tarn sql -c 'ALTER TABLE s.t ADD COLUMN note VARCHAR; CREATE VIEW s.v AS SELECT i FROM s.t WHERE i > 1; CREATE TABLE s.u AS SELECT * FROM s.v; ALTER TABLE s.u RENAME TO w'");
        Assert.Equal("n,s\n4,10\n", await RunAsync(Count));
        Assert.Equal("n\n3\n", await RunAsync("tarn sql -c 'SELECT count(*) AS n FROM s.w' --format csv"));
        Assert.Contains("from,1,view,iceberg/s.v,", await RunAsync("tarn lineage s.u --format csv"), StringComparison.Ordinal);
        Require(await _service.BashAsync("tarn sql -c \"INSERT INTO s.t (i) VALUES (90)\""));
        Assert.Equal("n,s\n5,100\n", await RunAsync(Count));
        Assert.Equal("n,s\n5,100\n", Require(await _service.BashAsync(Count)));
        var refused = await BashAsync("printf 'i,name\\n7,z\\nbad,z\\n' > b.csv && tarn ingest b.csv --table s.t --on-error quarantine");
        Assert.Equal(ExitCode.Failed, refused.ExitCode);
        Assert.Contains("commits one table at a time", refused.Error, StringComparison.Ordinal);
        Assert.Contains("catalog.hive.uri", (await BashAsync("tarn branch list")).Error, StringComparison.Ordinal);
        await RunAsync("tarn history s.t && tarn describe s.t && tarn tables && tarn sql -c 'DROP VIEW s.v; DROP TABLE s.w PURGE; DROP TABLE s.t'");
        Assert.NotEqual(ExitCode.Done, (await _service.BashAsync(Count)).ExitCode);
    }

    [Theory]
    [InlineData("rest", "uri: http://")]
    [InlineData("hive", "uri: thrift://")]
    public async Task Sql_OnACatalogElsewhereWithoutItsStorage_WritesNothing(string kind, string uri)
    {
        await using var server = await StartAsync();
        await ConfigureAsync(server, isCatalog: false);
        Require(await _service.BashAsync("tarn sql -c 'CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS i'"));
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), $"catalog:\n  {kind}:\n    {uri}{server.Listeners[kind == "rest" ? "catalog" : kind]}\n    credential: file:secret.txt\n");
        foreach (string sql in (string[])["INSERT INTO s.t VALUES (2)", "CREATE TABLE s.u AS SELECT 1 AS i", "SELECT * FROM s.t"])
        {
            var refused = await BashAsync($"tarn sql -c '{sql}'");
            Assert.Equal(ExitCode.Failed, refused.ExitCode);
            Assert.Contains("'s3://lake/s/", refused.Error, StringComparison.Ordinal);
            Assert.Contains("set storage.s3", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal("i\n1\n", Require(await _service.BashAsync("tarn sql -c 'SELECT * FROM s.t' --format csv")));
        Assert.Equal("", await RunAsync("find tarn-data -path '*/lake/*'"));
        // The files of a server on the same machine are reached by a prefix.
        Assert.Equal("i\n1\n", await RunAsync($"tarn sql -c 'SELECT * FROM s.t' --format csv --map s3://lake/={_service.Folder}/tarn-data/lake/"));
    }

    [Fact]
    public async Task Registrations_ImportedAndExported_NameTheSameFiles()
    {
        await using var server = await StartAsync();
        Require(await _service.BashAsync("printf 'i,name\\n1,x\\n2,y\\n' > a.csv && tarn ingest a.csv --table s.t && tarn sql -c 'CREATE VIEW s.v AS SELECT i FROM s.t'"));
        await ConfigureAsync(server, isCatalog: false);
        string other = $"rest:http://{server.Listeners["catalog"]}/ --credential-file secret.txt";
        Assert.Contains("to be registered", await RunAsync($"tarn catalog import --from {other} --dry-run"), StringComparison.Ordinal);
        Assert.Contains("shows only when they are registered", await RunAsync($"tarn catalog import --from {other} --dry-run 2>&1"), StringComparison.Ordinal);
        Assert.NotEqual(ExitCode.Done, (await BashAsync(Count)).ExitCode);
        await RunAsync($"tarn catalog import --from {other} --format csv > first.csv && test $(grep -c ',registered,' first.csv) = 2");
        await RunAsync($"tarn catalog import --from {other} --format csv > again.csv && test $(grep -c ',there already,' again.csv) = 2");
        Assert.Equal("n,s\n2,3\n", await RunAsync(Count));
        string hive = $"hive:{server.Listeners["hive"]}";
        await RunAsync($"tarn catalog import --from {hive} --namespace s --format csv > anonymous.csv && test $(grep -c ',there already,' anonymous.csv) = 2");
        await RunAsync($"tarn catalog import --from {hive} --credential-file secret.txt --data other --format csv > hive.csv && test $(grep -c ',registered,' hive.csv) = 2");

        Require(await _service.BashAsync("tarn sql -c 'DROP VIEW s.v; DROP TABLE s.t'"));
        Assert.Contains("shows only when they are registered", await RunAsync($"tarn catalog export --to {other} --namespace s --dry-run 2>&1"), StringComparison.Ordinal);
        await RunAsync($"tarn catalog export --to {other} --namespace s --format csv > out.csv && test $(grep -c ',registered,' out.csv) = 2");
        Assert.Equal("n,s\n2,3\n", Require(await _service.BashAsync(Count)));
        Require(await _service.BashAsync("tarn sql -c 'DROP VIEW s.v; DROP TABLE s.t'"));
        await RunAsync($"tarn catalog export --to {hive} --credential-file secret.txt --namespace s --format csv > out.csv && test $(grep -c ',registered,' out.csv) = 2");
        Assert.Equal("n,s\n2,3\n", Require(await _service.BashAsync(Count)));
        await RunAsync("tarn sql -c 'INSERT INTO s.t SELECT 9, name FROM s.t'");
        var taken = await BashAsync($"tarn catalog export --to {other} --existing fail");
        Assert.Equal(ExitCode.Failed, taken.ExitCode);
        Assert.Contains("name taken", taken.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_WithACatalogElsewhere_DoesNotServeItsOwn()
    {
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), "catalog:\n  rest:\n    uri: http://127.0.0.1:1\n");
        await using (var server = await RunningServer.StartAsync(_tarn))
            Assert.Equal(["http", "s3"], server.Listeners.Keys.Order());
        var refused = await _tarn.RunAsync("up", "--roles", "catalog");
        Assert.Equal(ExitCode.Failed, refused.ExitCode);
        Assert.Contains("take catalog out of roles", refused.Error, StringComparison.Ordinal);
        await File.AppendAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), "storage:\n  s3:\n    bucket: company\n");
        Assert.Contains("nothing to serve", (await _tarn.RunAsync("up")).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("config", "check")).ExitCode);
        var unreachable = await _tarn.RunAsync("tables");
        Assert.Equal(ExitCode.Failed, unreachable.ExitCode);
        Assert.Contains("cannot be reached", unreachable.Error, StringComparison.Ordinal);
    }

    private async Task<RunningServer> StartAsync()
    {
        await File.WriteAllTextAsync(Path.Join(_service.Folder, "tarn.yaml"), RootKey.Settings);
        return await RunningServer.StartAsync(_service);
    }

    // The objects of the other lake are reached with the same key as its catalog.
    private async Task ConfigureAsync(RunningServer server, bool isCatalog)
    {
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "secret.txt"), "rootkey:rootsecret\n");
        string catalog = isCatalog ? $"catalog:\n  rest:\n    uri: http://{server.Listeners["catalog"]}/\n    credential: file:secret.txt\n" : "";
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), $"storage:\n  s3:\n    bucket: lake\n    endpoint: http://{server.Listeners["s3"]}\n    credentials: environment\n{catalog}");
    }

    private async Task<string> RunAsync(string line) =>
        Require(await BashAsync(line));

    private Task<ProcessResult> BashAsync(string line) => _tarn.BashAsync($"set -o pipefail; export AWS_ACCESS_KEY_ID=rootkey AWS_SECRET_ACCESS_KEY=rootsecret; {line}");

    private static string Require(ProcessResult result)
    {
        Assert.True(result.ExitCode == ExitCode.Done, result.ToString());
        return result.Out;
    }
}
