using System.Globalization;
using System.Text;

namespace Tarn.S3.Tests.Hosting;

/// <summary>What happens on the wire, byte by byte.</summary>
public sealed class S3EndpointTests : IAsyncLifetime
{
    private S3TestServer _server = null!;
    private RawConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync();
        _connection = await RawConnection.OpenAsync(_server.Http);
        Assert.Equal(200, (await SendAsync("PUT", "/wire", [])).Status);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Put_RefusedWhileTheClientWaits_AnswersWithoutContinueAndCloses()
    {
        var headers = SignedRequest.Sign("PUT", "/wire/k", [("Host", _server.Http.Authority)], "UNSIGNED-PAYLOAD", ("nobody", "secret"), DateTimeOffset.UtcNow);
        var answer = await _connection.SendAsync("PUT", "/wire/k", [.. headers, ("Expect", "100-continue"), ("Content-Length", "5")], "hello"u8.ToArray());
        Assert.Equal(403, answer.Status);
        Assert.False(answer.WasContinued);
        Assert.Contains("<Code>InvalidAccessKeyId</Code>", answer.Text, StringComparison.Ordinal);
        Assert.Equal("close", answer.Header("Connection"));
        Assert.True(await _connection.IsClosedAsync());
    }

    [Fact]
    public async Task Put_AcceptedWhileTheClientWaits_IsContinuedAndKeepsTheConnection()
    {
        var answer = await SendAsync("PUT", "/wire/k", "hello"u8.ToArray(), ("Expect", "100-continue"));
        Assert.Equal(200, answer.Status);
        Assert.True(answer.WasContinued);
        Assert.Equal("hello", (await SendAsync("GET", "/wire/k", [])).Text);
    }

    [Theory]
    [InlineData("/wire/../../etc/passwd", "../../etc/passwd")]
    [InlineData("/wire/%2e%2e/%2e%2e/up", "../../up")]
    [InlineData("/wire/a/./b//c", "a/./b//c")]
    [InlineData("/wire/..%2F..%2Fup", "../../up")]
    [InlineData("/wire/%5C..%5Cup", "\\..\\up")]
    [InlineData("/wire/a%2Bb+c%20d", "a+b+c d")]
    public async Task Put_KeysThatLookLikePaths_AreKeys(string target, string key)
    {
        Assert.Equal(200, (await SendAsync("PUT", target, "content"u8.ToArray())).Status);
        Assert.Equal("content", (await SendAsync("GET", target, [])).Text);
        var page = await _server.Store.ListAsync("wire", new());
        Assert.Equal([key], page.Objects.Select(o => o.Key));
    }

    [Fact]
    public async Task Head_OfWhatIsMissing_AnswersWithoutBody()
    {
        var answer = await SendAsync("HEAD", "/wire/missing", []);
        Assert.Equal(404, answer.Status);
        Assert.Equal(200, (await SendAsync("GET", "/wire?list-type=2", [])).Status);
    }

    [Theory]
    [InlineData("GET", "/wire?unheard", 501, "NotImplemented")]
    [InlineData("GET", "/wire?metadataTable", 501, "NotImplemented")]
    [InlineData("PATCH", "/wire/k", 405, "MethodNotAllowed")]
    [InlineData("DELETE", "/wire?location", 405, "MethodNotAllowed")]
    [InlineData("GET", "/wire?acl&policy", 400, "InvalidArgument")]
    [InlineData("GET", "/wire/%zz", 400, "InvalidURI")]
    [InlineData("GET", "/wire/%FF", 400, "InvalidURI")]
    [InlineData("GET", "/nowhere/k", 404, "NoSuchBucket")]
    public async Task Request_ThatIsNoOperation_IsRefusedByItsCode(string method, string target, int status, string code)
    {
        var headers = target.Contains("/wire/%", StringComparison.Ordinal)
            ? [("Host", _server.Http.Authority)]
            : SignedRequest.Sign(method, target, [("Host", _server.Http.Authority)], SignedRequest.Hash([]), (S3TestServer.AccessKey, S3TestServer.Secret), DateTimeOffset.UtcNow);
        var answer = await _connection.SendAsync(method, target, headers, []);
        Assert.Equal(status, answer.Status);
        Assert.Contains($"<Code>{code}</Code>", answer.Text, StringComparison.Ordinal);
        Assert.Equal(16, answer.Header("x-amz-request-id")!.Length);
    }

    [Fact]
    public async Task Get_Anonymous_IsDeniedUntilTheBucketAllowsIt()
    {
        await SendAsync("PUT", "/wire/k", "hello"u8.ToArray());
        Assert.Equal(403, (await AnonymousAsync("GET", "/wire/k")).Status);
        const string Policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::wire/*"}]}""";
        Assert.Equal(204, (await SendAsync("PUT", "/wire?policy", Encoding.UTF8.GetBytes(Policy))).Status);
        Assert.Equal("hello", (await AnonymousAsync("GET", "/wire/k")).Text);
        Assert.Equal(403, (await AnonymousAsync("PUT", "/wire/k")).Status);
    }

    [Fact]
    public async Task Get_OverrideThatWouldBeginAnotherHeader_IsRefused()
    {
        Assert.Equal(200, (await SendAsync("PUT", "/wire/k", "hello"u8.ToArray())).Status);
        var answer = await SendAsync("GET", "/wire/k?response-content-type=a%0D%0Ab%3A%20c", []);
        Assert.Equal(400, answer.Status);
        Assert.Null(answer.Header("b"));
    }

    [Theory]
    [InlineData(-16)]
    [InlineData(16)]
    public async Task Request_OfAClockThatIsWrong_IsTooSkewed(int minutes)
    {
        var headers = SignedRequest.Sign("GET", "/wire", [("Host", _server.Http.Authority)], SignedRequest.Hash([]), (S3TestServer.AccessKey, S3TestServer.Secret), DateTimeOffset.UtcNow.AddMinutes(minutes));
        var answer = await _connection.SendAsync("GET", "/wire", headers, []);
        Assert.Equal(403, answer.Status);
        Assert.Contains("<Code>RequestTimeTooSkewed</Code>", answer.Text, StringComparison.Ordinal);
        Assert.Contains("<MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tue, 07 Jul 2010 21:53:04 GMT", "RequestTimeTooSkewed")]
    [InlineData("Wed, 07 Jul 9999 21:53:04 GMT", "RequestTimeTooSkewed")]
    [InlineData("Fri, 07 Jul 1950 21:53:04 GMT", "AccessDenied")]
    [InlineData("Bad Date", "AccessDenied")]
    [InlineData("", "AccessDenied")]
    public async Task Request_OfVersion2WithAnOldDate_IsRefusedForItsTime(string date, string code)
    {
        var answer = await _connection.SendAsync("GET", "/wire", [("Host", _server.Http.Authority), ("x-amz-date", date), ("Authorization", $"AWS {S3TestServer.AccessKey}:c2lnbmF0dXJl")], []);
        Assert.Equal(403, answer.Status);
        Assert.Contains($"<Code>{code}</Code>", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_BucketOfNoTenant_IsTheBucket()
        => Assert.Contains("<Name>wire</Name>", (await SendAsync("GET", "/:wire?list-type=2", [])).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("AssumeRoleWithWebIdentity")]
    [InlineData("AssumeRoleWithSAML")]
    public async Task Post_TokenOfAnIdentityProvider_IsNotImplementedAndSaysSo(string action)
    {
        byte[] form = Encoding.ASCII.GetBytes($"Action={action}&Version=2011-06-15&RoleArn=arn:aws:iam::000000000000:role/r&RoleSessionName=s&WebIdentityToken=t");
        var answer = await _connection.SendAsync(
            "POST", "/", [("Host", _server.Http.Authority), ("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", $"{form.Length}")], form);
        Assert.Equal(501, answer.Status);
        Assert.Contains("<Code>NotImplemented</Code>", answer.Text, StringComparison.Ordinal);
        Assert.Contains("identity provider", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_BothLengths_IsRefused()
    {
        await _connection.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /wire/k HTTP/1.1\r\nHost: {_server.Http.Authority}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /wire HTTP/1.1\r\n\r\n"));
        var answer = await _connection.ReadAnswerAsync();
        Assert.True(answer.Status is 400 or 403, answer.Status.ToString(CultureInfo.InvariantCulture));
        Assert.Empty((await _server.Store.ListAsync("wire", new())).Objects);
    }

    [Fact]
    public async Task Get_HeadersBeyondTheLimit_AreRefused()
    {
        await _connection.WriteAsync(Encoding.ASCII.GetBytes($"GET /wire HTTP/1.1\r\nHost: x\r\nx-amz-meta-a: {new string('a', 70_000)}\r\n\r\n"));
        Assert.Equal(431, (await _connection.ReadAnswerAsync()).Status);
    }

    private Task<RawAnswer> AnonymousAsync(string method, string target)
        => _connection.SendAsync(method, target, [("Host", _server.Http.Authority), ("Content-Length", "0")], []);

    private Task<RawAnswer> SendAsync(string method, string target, byte[] body, params (string Name, string Value)[] more)
    {
        var headers = SignedRequest.Sign(
            method, target, [("Host", _server.Http.Authority)], SignedRequest.Hash(body), (S3TestServer.AccessKey, S3TestServer.Secret), DateTimeOffset.UtcNow);
        return _connection.SendAsync(method, target, [.. headers, .. more, ("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture))], body);
    }
}
