using Tarn.CommandLine;
using Tarn.Tests.Documents;

namespace Tarn.Tests.Server;

/// <summary>One Tarn serves S3; another keeps its lake there.</summary>
public sealed class UpRemoteStorageTests : IDisposable
{
    private readonly TarnProcess _service = new();
    private readonly TarnProcess _tarn = new();

    public void Dispose()
    {
        _tarn.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task Lake_SyncedAndRelocated_IsReadAndWrittenInTheBucket()
    {
        await using var server = await StartAsync();
        await RunAsync(server, "tarn demo --rows 2k");
        string sum = await RunAsync(server, "tarn sql -c 'SELECT count(*), sum(amount) FROM silver.orders' --format csv");

        await RunAsync(server, "tarn s3 mb s3://company && tarn s3 sync tarn-data/lake s3://company/lake");
        await RunAsync(server, $"printf 'storage:\\n  s3:\\n    bucket: company\\n    prefix: lake\\n    endpoint: http://{server.Listeners["s3"]}\\n' > tarn.yaml");
        await RunAsync(server, "tarn relocate s3://lake/ s3://company/lake/ && rm -r tarn-data/lake");

        Assert.Equal(sum, await RunAsync(server, "tarn sql -c 'SELECT count(*), sum(amount) FROM silver.orders' --format csv"));
        await RunAsync(server, "printf 'i,name\\n1,x\\n' > a.csv && tarn ingest a.csv --table s.t && tarn sql -c 'INSERT INTO s.t SELECT 2, name FROM s.t'");
        Assert.Equal("count_star()\n2\n", await RunAsync(server, "tarn sql -c 'SELECT count(*) FROM s.t' --format csv"));
        Assert.Contains("lake/s/t-", await RunAsync(server, "tarn s3 ls -r s3://company/lake/s/ --format csv"), StringComparison.Ordinal);
        await RunAsync(server, "tarn sql -c 'DROP TABLE s.t'");
        Assert.False(Directory.Exists(Path.Join(_tarn.Folder, "tarn-data", "lake")));
    }

    [Fact]
    public async Task Query_FilesInTheCache_NeedsNoService()
    {
        await using var server = await StartAsync();
        await RunAsync(server, "printf 'i,name\\n1,x\\n2,y\\n' > a.csv && tarn s3 mb s3://company");
        await RunAsync(server, $"printf 'storage:\\n  s3:\\n    bucket: company\\n    endpoint: http://{server.Listeners["s3"]}\\n' > tarn.yaml");
        await RunAsync(server, "tarn ingest a.csv --table s.t");
        string warm = await RunAsync(server, "tarn sql -c 'SELECT count(*), sum(i) FROM s.t' --format csv");
        server.Send("KILL");
        await server.EndAsync();

        Assert.Equal(warm, await RunAsync(server, "unset AWS_ACCESS_KEY_ID; tarn sql -c 'SELECT count(*), sum(i) FROM s.t' --format csv"));
    }

    [Fact]
    public async Task Guide_OfObjects_RunsAsPrinted()
    {
        await using var server = await RunningServer.StartAsync(_tarn);
        string guide = await File.ReadAllTextAsync(Path.Join(RepositoryFolder.Path, "docs", "guide", "s3.md"));
        string lines = guide.Split("```sh\n")[1].Split("```")[0];
        var result = await _tarn.BashAsync($"set -e -o pipefail; unset AWS_ACCESS_KEY_ID AWS_PROFILE; export AWS_ENDPOINT_URL=http://{server.Listeners["s3"]}\n{lines}");
        Assert.True(result.ExitCode == ExitCode.Done, result.ToString());
        Assert.Contains("20000", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_CopiedMovedSharedAndRemoved_AreWhereTheyWereSent()
    {
        await using var server = await StartAsync();
        await RunAsync(server, "mkdir -p d/sub && head -c 20000000 /dev/urandom > d/sub/big.bin && echo hi > 'd/odd é+&.txt'");
        await RunAsync(server, $"echo rootsecret | tarn s3 alias pond http://{server.Listeners["s3"]} --access-key rootkey && tarn s3 alias");
        await RunAsync(server, "tarn s3 mb pond:raw && tarn s3 cp -r d pond:raw/x/ && tarn s3 cp -r s3://raw/x back && diff -r d back");
        await RunAsync(server, "test $(tarn s3 ls -r s3://raw --format ndjson | wc -l) = 2 && test \"$(tarn s3 cat 's3://raw/x/odd é+&.txt')\" = hi && tarn s3 stat s3://raw/x/sub/big.bin");
        await RunAsync(server, "tarn s3 sync d s3://raw/x --dry-run | wc -l | grep -qx 0 && rm d/odd* && tarn s3 sync d s3://raw/x --delete && tarn s3 du s3://raw");
        await RunAsync(server, "curl -sf \"$(tarn s3 presign s3://raw/x/sub/big.bin)\" | cmp - d/sub/big.bin");
        await RunAsync(server, "tarn s3 mv s3://raw/x/sub/big.bin pond:raw/y.bin && tarn s3 rm s3://raw/y.bin && tarn s3 rm -r s3://raw && tarn s3 rb s3://raw && tarn s3 alias pond --remove");
        Assert.DoesNotContain("raw", await RunAsync(server, "tarn s3 ls"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_PlaceThatIsNotMeant_IsRefusedAndNothingIsRemoved()
    {
        (string Command, string Message)[] refused =
        [
            ("tarn s3 sync nowhere s3://raw --delete", "There is no folder 'nowhere'"),
            ("tarn s3 sync s3://raw/nowhere d --delete", "There is nothing below 's3://raw/nowhere'"),
            ("tarn s3 sync s3://raw s3://raw/copy", "one lies inside the other"),
            ("tarn s3 sync s3://raw/sub s3://raw --delete", "one lies inside the other"),
            ("tarn s3 mv d/a ./d/a", "are the same"),
            ("tarn s3 mv s3://raw/a s3://raw/a", "are the same"),
            ("tarn s3 mv pond:raw/a s3://raw/a", "seem to be one object"),
            ("tarn s3 mv -r pond:raw s3://raw", "seem to be one object"),
            ("tarn s3 stat s3://raw", "'s3://raw' is a bucket; name an object in it"),
            ("tarn s3 cat s3://raw", "'s3://raw' is a bucket; name an object in it"),
            ("tarn s3 cp s3://raw/a d/a/below", "Cannot write 'd/a/below'"),
            ("tarn s3 mb s3://raw --object-lock", "BucketAlreadyOwnedByYou"),
            ("tarn s3 mb s3://other/key", "name the bucket alone"),
            ("tarn s3 rb s3://raw/a", "name the bucket alone"),
            ("tarn s3 rb s3://raw", "BucketNotEmpty"),
            ("tarn s3 rb s3://lake", "InvalidBucketState"),
        ];
        await using var server = await StartAsync();
        await RunAsync(server, $"echo rootsecret | tarn s3 alias pond http://{server.Listeners["s3"]} --access-key rootkey; mkdir d && echo 1 > d/a && tarn s3 mb s3://raw && tarn s3 cp d/a s3://raw/a");

        foreach (var (command, message) in refused)
            Assert.Contains(message, await RunAsync(server, $"! {command} 2>&1"), StringComparison.Ordinal);
        Assert.Equal("1\n1\n", await RunAsync(server, "cat d/a && tarn s3 cat s3://raw/a"));
    }

    [Fact]
    public async Task Move_FileOfAnObjectToTheObjectItself_KeepsIt()
    {
        await using var server = await StartAsync();
        string file = Path.Join(_service.Folder, "tarn-data", "raw", "a");
        await RunAsync(server, "echo 1 > a && tarn s3 mb s3://raw && tarn s3 cp a s3://raw/a");

        Assert.Contains("was written while it was moved", await RunAsync(server, $"! tarn s3 mv {file} s3://raw/a 2>&1"), StringComparison.Ordinal);
        Assert.Equal("1\n", await RunAsync(server, "tarn s3 cat s3://raw/a"));
    }

    [Fact]
    public async Task Copy_BeyondTheQuotaOfABucket_IsRefusedAndSaysSo()
    {
        await using var server = await StartAsync("s3:\n  quotas: [raw=10KB]\n");
        await RunAsync(server, "head -c 8000 /dev/zero > a && tarn s3 mb s3://raw && tarn s3 cp a s3://raw/a");

        Assert.Contains("would exceed its quota of 10000", await RunAsync(server, "! tarn s3 cp a s3://raw/b 2>&1"), StringComparison.Ordinal);
        await RunAsync(server, "tarn s3 rm s3://raw/a && tarn s3 cp a s3://raw/b");
    }

    [Fact]
    public async Task Copy_ObjectBelowItself_BringsItThere()
    {
        await using var server = await StartAsync();
        await RunAsync(server, "echo 1 > a && tarn s3 mb s3://raw && tarn s3 cp a s3://raw/a && tarn s3 cp s3://raw/a s3://raw/a/b && tarn s3 mv s3://raw/a/b s3://raw/a/b/c");

        Assert.Equal("name\na\na/b/c\n", await RunAsync(server, "tarn s3 ls -r s3://raw --format csv | cut -d, -f1"));
    }

    [Fact]
    public async Task Remove_Recursively_TakesWhatIsBelowAndNotWhatBeginsAlike()
    {
        await using var server = await StartAsync();
        await RunAsync(server, "echo 1 > a && tarn s3 mb s3://raw && for key in 2024/a 2024/b/a 2024-old/a 20245; do tarn s3 cp a s3://raw/$key; done");

        await RunAsync(server, "tarn s3 rm -r s3://raw/2024");
        Assert.Equal("name\n2024-old/a\n20245\n", await RunAsync(server, "tarn s3 ls -r s3://raw --format csv | cut -d, -f1"));
    }

    [Fact]
    public async Task Up_WithTheLakeElsewhere_ServesNoBucketsOfItsOwn()
    {
        await using var service = await StartAsync();
        await RunAsync(service, "tarn s3 mb s3://company");
        await ConfigureAsync("http://" + service.Listeners["s3"]);
        await using (var server = await RunningServer.StartAsync(_tarn))
        {
            Assert.DoesNotContain(".tarn-probe", await RunAsync(service, "tarn s3 ls -r s3://company"), StringComparison.Ordinal);
            Assert.DoesNotContain("s3", server.Listeners.Keys);
            Assert.Contains("  s3      off: the lake is in the bucket 'company' of an S3 service, which serves it", server.Printed);
        }

        var refused = await _tarn.RunAsync("up", "--roles", "storage");
        Assert.Equal(ExitCode.Failed, refused.ExitCode);
        Assert.Contains("take storage out of roles, or remove storage.s3", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_BucketThatCannotBeUsed_IsOneLineAndNothingListens()
    {
        await using var service = await StartAsync();
        string endpoint = "http://" + service.Listeners["s3"];
        await ConfigureAsync(endpoint);
        await RefusedAsync("Cannot use 's3://company' as storage: there is no such bucket; create it, or correct its name.");

        await RunAsync(service, "tarn s3 mb s3://company");
        await ConfigureAsync(endpoint, secret: "wrong");
        await RefusedAsync("Cannot use 's3://company' as storage: the remote store refuses it (SignatureDoesNotMatch: ");

        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), $"storage:\n  s3:\n    bucket: company\n    endpoint: {endpoint}\n    credentials: anonymous\n");
        await RefusedAsync("Cannot write to 's3://company': storage.s3.credentials is anonymous, which sends no keys, and the service lets nobody write without. Name keys that may write there");

        await ConfigureAsync("http://127.0.0.1:1");
        string line = await RefusedAsync("Cannot use 's3://company' as storage: the remote store does not answer (");
        Assert.EndsWith("A server does not start without its storage: start that, or correct storage.s3.endpoint.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_StoreThatIgnoresConditions_IsRefusedBeforeItIsReady()
    {
        await using var store = new UnconditionalStore();
        await ConfigureAsync(store.Address);
        await RefusedAsync($"The store at {store.Address} ignores 'If-None-Match: *', so two writers could overwrite each other.");
        Assert.Equal(["PUT", "PUT", "DELETE"], store.Methods);

        await ConfigureAsync(store.Address, more: "    conditional_writes: false\n");
        await using var server = await RunningServer.StartAsync(_tarn);
        Assert.StartsWith("Tarn ", server.Printed[0], StringComparison.Ordinal);
    }

    private async Task ConfigureAsync(string endpoint, string secret = "rootsecret", string more = "")
    {
        string keys = Path.Join(_tarn.Folder, "keys");
        await File.WriteAllTextAsync(keys, $"[default]\naws_access_key_id = rootkey\naws_secret_access_key = {secret}\n");
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), $"storage:\n  s3:\n    bucket: company\n    endpoint: {endpoint}\n    credentials: file:{keys}\n{more}");
    }

    private async Task<string> RefusedAsync(string message)
    {
        var refused = await _tarn.RunAsync(RunningServer.Words(Path.Join(_tarn.Folder, "none.json")));
        Assert.Equal((ExitCode.Failed, ""), (refused.ExitCode, refused.Out));
        string line = Assert.Single(refused.Error.TrimEnd().Split('\n'));
        Assert.StartsWith("error: " + message, line, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(_tarn.Folder, "none.json")));
        return line;
    }

    private async Task<RunningServer> StartAsync(string more = "")
    {
        await File.WriteAllTextAsync(Path.Join(_service.Folder, "tarn.yaml"), RootKey.Settings + more);
        return await RunningServer.StartAsync(_service);
    }

    private async Task<string> RunAsync(RunningServer server, string line)
    {
        var result = await _tarn.BashAsync(
            $"set -e -o pipefail; export AWS_ACCESS_KEY_ID=rootkey AWS_SECRET_ACCESS_KEY=rootsecret AWS_ENDPOINT_URL=http://{server.Listeners["s3"]} XDG_CONFIG_HOME=$PWD/config; {line}");
        Assert.True(result.ExitCode == ExitCode.Done, $"{line}\n{result}");
        return result.Out;
    }
}
