using Tarn.CommandLine;
using Tarn.Commands;
using Tarn.Terminal;
using Tarn.Testing.Files;
using Tarn.Tests.Fakes;

namespace Tarn.Tests.Access;

public sealed class IdentityCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task UserAdd_NewFolder_PrintsTheKeyOnceOnStandardOutput()
    {
        var (code, output, error) = await RunAsync("", "user", "add", "ada", "--policy", "readonly", "--format", "csv");
        Assert.Equal(ExitCode.Done, code);
        Assert.Matches("^user,access_key,secret_key\nada,TARN[A-Z2-7]{16},[A-Za-z0-9_-]{40}\n$", output);
        string secret = output.Trim().Split(',')[^1];
        Assert.DoesNotContain(secret, error, StringComparison.Ordinal);
        foreach (string list in new[] { "user", "key" })
            Assert.DoesNotContain(secret, (await RunAsync("", list, "list", "--format", "json")).Out, StringComparison.Ordinal);
        foreach (string file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(secret, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserReset_Root_WritesTheFileThatClientsRead()
    {
        await RunAsync("", "user", "add", "ada");
        var (_, output, _) = await RunAsync("", "user", "reset", "root", "--format", "csv");
        string[] key = output.Trim().Split('\n')[1].Split(',');
        Assert.Equal(
            $"[default]\naws_access_key_id = {key[1]}\naws_secret_access_key = {key[2]}\n",
            await File.ReadAllTextAsync(Path.Join(_folder["data"], ".keys", "root-credentials")));
    }

    [Fact]
    public async Task Policies_PutAttachSimulateDetachRemove_DoWhatTheySay()
    {
        await RunAsync("", "user", "add", "ada", "--no-key");
        const string policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::lake/raw/*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}""";
        Assert.Equal(ExitCode.Done, (await RunAsync(policy, "policy", "put", "raw", "-")).Code);
        Assert.Equal(ExitCode.Done, (await RunAsync("", "policy", "attach", "raw", "--user", "ada")).Code);
        string[] ask = ["policy", "simulate", "s3:GetObject", "arn:aws:s3:::lake/raw/x", "--user", "ada", "--format", "csv"];
        Assert.Contains("\nallowed,", (await RunAsync("", [.. ask, "--source", "10.1.2.3"])).Out, StringComparison.Ordinal);
        Assert.Contains("\ndenied,", (await RunAsync("", [.. ask, "--source", "11.1.2.3"])).Out, StringComparison.Ordinal);
        Assert.Equal(policy + "\n", (await RunAsync("", "policy", "show", "raw")).Out);
        var (code, _, error) = await RunAsync("", "policy", "rm", "raw");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("user/ada", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync("", "policy", "detach", "raw", "--user", "ada")).Code);
        Assert.Equal(ExitCode.Done, (await RunAsync("", "policy", "rm", "raw")).Code);
    }

    [Theory]
    [InlineData(ExitCode.Usage, "say whose", "policy", "attach", "readonly")]
    [InlineData(ExitCode.Usage, "one of --user", "policy", "attach", "readonly", "--user", "a", "--role", "b")]
    [InlineData(ExitCode.Usage, "not a length of time", "key", "create", "root", "--expires", "soon")]
    [InlineData(ExitCode.Failed, "'none' does not exist", "policy", "attach", "none", "--user", "root")]
    [InlineData(ExitCode.Failed, "not a name here", "user", "add", "a/b")]
    [InlineData(ExitCode.Failed, "not valid JSON", "policy", "put", "p", "-")]
    public async Task Commands_WrongWords_SayWhatIsWrong(int expected, string text, params string[] words)
    {
        var (code, output, error) = await RunAsync("{", words);
        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(text, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_NoFolder_SayHowToMakeOne()
    {
        var (code, _, error) = await RunAsync("", "user", "list");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("tarn up", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public async Task Audit_AfterChanges_ShowsThem()
    {
        await RunAsync("", "user", "add", "ada");
        await RunAsync("", "user", "rm", "bob");
        var (_, output, _) = await RunAsync("", "audit", "--format", "csv");
        Assert.Contains("iam:CreateUser,ada", output, StringComparison.Ordinal);
        string denied = (await RunAsync("", "audit", "--denied", "--action", "iam:*", "--format", "csv")).Out;
        Assert.Contains("iam:DeleteUser,bob", denied, StringComparison.Ordinal);
        Assert.DoesNotContain("iam:CreateUser", denied, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Out, string Error)> RunAsync(string input, params string[] words)
    {
        var streams = new MemoryStreams(input: input);
        using var cancellation = new Cancellation();
        int code = await new TarnProgram(CommandTable.All, streams.Streams, cancellation, (_, _) => new FakeLake()).RunAsync([.. words, "--data", _folder["data"]]);
        return (code, streams.Out, streams.Error);
    }
}
