using System.Globalization;
using System.Text;

namespace Tarn.S3.Tests.Hosting;

/// <summary>Requests whose end two parties could see in different places (RFC 9112 §11.2) are refused, and nothing behind them is answered.</summary>
public sealed class SmugglingTests : IAsyncLifetime
{
    private const string Behind = "GET /wire?smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    private S3TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync();
        await _server.Store.CreateBucketAsync(new("wire", TimeProvider.System.GetUtcNow()));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 5", "hello")]
    [InlineData("Content-Length: 5\r\nContent-Length: 0", "hello")]
    [InlineData("Content-Length: 5, 5", "hello")]
    [InlineData("Content-Length: -5", "hello")]
    [InlineData("Content-Length: +5", "hello")]
    [InlineData("Content-Length: ٥", "hello")]
    [InlineData("Content-Length: 5\0", "hello")]
    [InlineData("Content-Length: 0x5", "hello")]
    [InlineData("Content-Length: 99999999999999999999", "hello")]
    [InlineData("Content-Length : 5", "hello")]
    [InlineData("Content-Length: 5\r\n folded", "hello")]
    [InlineData("Content-Length: 5\r\nX-A: b\r\n\tfolded: c", "hello")]
    [InlineData("Content-Length: 5\nX-A: b", "hello")]
    [InlineData("Content-Length: 5\r\nX-A: b\rc", "hello")]
    [InlineData("Content-Length: 5\r\nX-\0A: b", "hello")]
    [InlineData("Content-Length: 5\r\nX-A: b\0c", "hello")]
    [InlineData("Content-Length: 5\r\nHost: elsewhere", "hello")]
    [InlineData("Transfer-Encoding: xchunked", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: gzip, chunked", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "100000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "5\r\nhello, world\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "5\nhello\n0\n\n")]
    public async Task Put_AmbiguousFraming_IsRefusedAndTheConnectionEnds(string framing, string body)
    {
        var head = Head("PUT", "/wire/k");
        await AssertRefusedAsync($"PUT /wire/k HTTP/1.1\r\n{head}{framing}\r\n\r\n{body}{Behind}");
        Assert.Empty((await _server.Store.ListAsync("wire", new())).Objects);
    }

    [Theory]
    [InlineData("GET /wire HTTP/1.1\r\n\r\n")]
    [InlineData("GET /wire HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("GET /wire\r\n\r\n")]
    [InlineData("GET  /wire HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /wi re HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /wire HTTP/3.7\r\nHost: x\r\n\r\n")]
    [InlineData("GET http://elsewhere/wire HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("G\0T /wire HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task Request_MalformedHead_IsRefusedAndTheConnectionEnds(string head) => await AssertRefusedAsync(head + Behind);

    private async Task AssertRefusedAsync(string bytes)
    {
        await using var connection = await RawConnection.OpenAsync(_server.Http);
        await connection.WriteAsync(Encoding.Latin1.GetBytes(bytes));
        var answer = await connection.ReadAnswerAsync();
        Assert.True(answer.Status is >= 400 and < 600 and not 500, answer.Status.ToString(CultureInfo.InvariantCulture));
        Assert.True(await connection.IsClosedAsync(), $"{answer.Status}: the connection goes on");
    }

    private string Head(string method, string target)
    {
        var headers = SignedRequest.Sign(
            method, target, [("Host", _server.Http.Authority)], "UNSIGNED-PAYLOAD", (S3TestServer.AccessKey, S3TestServer.Secret), DateTimeOffset.UtcNow);
        return string.Concat(headers.Select(h => $"{h.Name}: {h.Value}\r\n"));
    }
}
