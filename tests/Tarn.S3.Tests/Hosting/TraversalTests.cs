using System.Globalization;
using System.Text;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Tests.Hosting;

/// <summary>Names made to leave their folder end as plain keys or as clean refusals; what lies beside the buckets is out of reach.</summary>
public sealed class TraversalTests : IAsyncLifetime
{
    private const string Secret = "the content of a file that no request may reach";

    private readonly string _name = "escaped-" + Guid.NewGuid().ToString("N");
    private S3TestServer _server = null!;
    private RawConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync();
        await _server.Store.CreateBucketAsync(new("wire", TimeProvider.System.GetUtcNow()));
        foreach (string folder in (string[])[".keys", ".metastore", ".server"])
        {
            Directory.CreateDirectory(Path.Join(_server.DataFolder, folder));
            await File.WriteAllTextAsync(Path.Join(_server.DataFolder, folder, "secret"), Secret);
        }

        _connection = await RawConnection.OpenAsync(_server.Http);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("../{0}")]
    [InlineData("../../{0}")]
    [InlineData("a/../../{0}")]
    [InlineData("..%2f{0}")]
    [InlineData("..%2F..%2F{0}")]
    [InlineData("%2e%2e/{0}")]
    [InlineData("%2e%2e%2f%2e%2e%2f{0}")]
    [InlineData(".%2e/{0}")]
    [InlineData("%252e%252e%252f{0}")]
    [InlineData("/{0}")]
    [InlineData("//{0}")]
    [InlineData("%2f{0}")]
    [InlineData("/tmp/{0}")]
    [InlineData("%2ftmp%2f{0}")]
    [InlineData("..%5c{0}")]
    [InlineData("..%5c..%5c{0}")]
    [InlineData("%5c%5c{0}")]
    [InlineData("C:%5c{0}")]
    [InlineData("C:/{0}")]
    [InlineData("....//{0}")]
    [InlineData("..;/{0}")]
    [InlineData("../.keys/{0}")]
    [InlineData("../.objects/{0}")]
    [InlineData("../.metastore/{0}")]
    [InlineData(".tarn-{0}")]
    [InlineData("{0}/.")]
    [InlineData("{0}/..")]
    [InlineData("{0}/")]
    [InlineData("~/{0}")]
    [InlineData("{0}%0d%0aX-Injected:%20yes")]
    [InlineData("%ef%bc%8e%ef%bc%8e/{0}")]
    public async Task Put_KeyOfAnyForm_IsAKeyAndStaysInside(string form)
    {
        string key = string.Format(CultureInfo.InvariantCulture, form, _name), target = "/wire/" + key;
        Assert.Equal(200, (await SendAsync("PUT", target, "content"u8.ToArray())).Status);
        var answer = await SendAsync("GET", target, []);
        Assert.Equal((200, "content"), (answer.Status, answer.Text));
        Assert.Null(answer.Header("X-Injected"));
        Assert.Equal(Uri.UnescapeDataString(key), Assert.Single((await _server.Store.ListAsync("wire", new())).Objects).Key);
        AssertInside();
        Assert.Equal(204, (await SendAsync("DELETE", target, [])).Status);
        AssertInside();
    }

    [Theory]
    [InlineData("{0}%00.txt")]
    [InlineData("%00")]
    [InlineData("%c0%ae%c0%ae/{0}")]
    [InlineData("%c0%af{0}")]
    [InlineData("%e0%80%ae/{0}")]
    [InlineData("%f0%80%80%ae/{0}")]
    [InlineData("%ff{0}")]
    [InlineData("%ed%a0%80{0}")]
    [InlineData("%2g{0}")]
    [InlineData("%u002e{0}")]
    public async Task Put_BytesThatAreNoText_AreRefused(string form)
    {
        // The signature is over a target that cannot be one, so the refusal comes before it is looked at.
        string target = "/wire/" + string.Format(CultureInfo.InvariantCulture, form, _name);
        var answer = await _connection.SendAsync("PUT", target, [("Host", _server.Http.Authority), ("Content-Length", "7")], "content"u8.ToArray());
        Assert.True(answer.Status == 400, $"{answer.Status} {answer.Text}");
        Assert.Empty((await _server.Store.ListAsync("wire", new())).Objects);
        AssertInside();
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("%2e%2e")]
    [InlineData(".keys")]
    [InlineData(".metastore")]
    [InlineData(".objects")]
    [InlineData(".server")]
    [InlineData("..%5c")]
    [InlineData("wire%2f..%2f.keys")]
    [InlineData("WIRE")]
    [InlineData("wire.")]
    public async Task Bucket_NameOfAFolder_IsNoBucket(string bucket)
    {
        foreach (var (method, target) in ((string, string)[])[("PUT", $"/{bucket}"), ("GET", $"/{bucket}"), ("DELETE", $"/{bucket}"), ("PUT", $"/{bucket}/{_name}"), ("GET", $"/{bucket}/secret"), ("DELETE", $"/{bucket}/secret")])
        {
            var answer = await SendAsync(method, target, []);
            Assert.True(answer.Status is >= 400 and < 500 || (target.Contains("%2f", StringComparison.Ordinal) && answer.Status < 500), $"{method} {target}: {answer.Status}");
            Assert.DoesNotContain(Secret, answer.Text, StringComparison.Ordinal);
        }

        AssertInside();
    }

    [Theory]
    [InlineData("/wire/../.keys/secret")]
    [InlineData("wire/..%2f.keys%2fsecret")]
    [InlineData("/.keys/secret")]
    [InlineData("../.keys/secret")]
    [InlineData("/%2e%2e/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/wire/../../../../../../etc/passwd")]
    public async Task Copy_SourceOfAnyForm_ReachesObjectsOnly(string source)
    {
        var answer = await SendAsync("PUT", "/wire/copy", [], ("x-amz-copy-source", source));
        Assert.True(answer.Status is >= 400 and < 500, $"{answer.Status} {answer.Text}");
        Assert.Empty((await _server.Store.ListAsync("wire", new())).Objects);
    }

    private void AssertInside()
    {
        string folder = _server.DataFolder;
        foreach (string parent in (string[])[Path.GetPathRoot(folder)!, Path.GetTempPath(), Path.GetDirectoryName(folder)!, folder])
            Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(parent), e => e.Contains(_name, StringComparison.Ordinal));
        foreach (string hidden in Directory.GetDirectories(folder, ".*").Where(d => Path.GetFileName(d) is ".keys" or ".metastore" or ".server"))
        {
            Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(hidden, "*", SearchOption.AllDirectories), e => e.Contains(_name, StringComparison.Ordinal));
            Assert.Equal(Secret, File.ReadAllText(Path.Join(hidden, "secret")));
        }
    }

    private Task<RawAnswer> SendAsync(string method, string target, byte[] body, params (string Name, string Value)[] more)
    {
        var headers = SignedRequest.Sign(
            method, target, [("Host", _server.Http.Authority), .. more], SignedRequest.Hash(body), (S3TestServer.AccessKey, S3TestServer.Secret), DateTimeOffset.UtcNow);
        return _connection.SendAsync(method, target, [.. headers, ("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture))], body);
    }
}
