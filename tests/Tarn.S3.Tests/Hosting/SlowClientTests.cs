using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tarn.S3.Tests.Hosting;

/// <summary>Clients that send slower than the listener allows lose their connection, and nothing of what they began is stored.</summary>
public sealed class SlowClientTests : IAsyncLifetime
{
    private const int LengthBytes = 5_000_000;

    private S3TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync(configure: kestrel =>
        {
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(LengthBytes, TimeSpan.FromSeconds(2));
        });
        await _server.Store.CreateBucketAsync(new("wire", DateTimeOffset.UnixEpoch));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Request_WhoseHeadNeverEnds_LosesItsConnection()
    {
        await using var connection = await RawConnection.OpenAsync(_server.Http);
        await connection.WriteAsync("GET /wire HTTP/1.1\r\nHost: x\r\nX-Slow: "u8.ToArray());
        Assert.Equal(408, (await connection.ReadAnswerAsync()).Status);
        Assert.True(await connection.IsClosedAsync());
    }

    [Fact]
    public async Task Put_WhoseBodyStops_IsARequestTimeoutAndStoresNothing()
    {
        await using var connection = await RawConnection.OpenAsync(_server.Http);
        var headers = SignedRequest.Sign("PUT", "/wire/k", [("Host", _server.Http.Authority)], "UNSIGNED-PAYLOAD", (S3TestServer.AccessKey, S3TestServer.Secret), DateTimeOffset.UtcNow);
        string head = string.Concat(headers.Select(h => $"{h.Name}: {h.Value}\r\n"));
        await connection.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"PUT /wire/k HTTP/1.1\r\n{head}Content-Length: {LengthBytes}\r\n\r\nhello")));
        var answer = await connection.ReadAnswerAsync();
        Assert.Equal(400, answer.Status);
        Assert.Contains("<Code>RequestTimeout</Code>", answer.Text, StringComparison.Ordinal);
        Assert.True(await connection.IsClosedAsync());
        Assert.Empty((await _server.Store.ListAsync("wire", new())).Objects);
    }
}
