using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Tarn.S3.Tests.Hosting;

/// <summary>What clients send that no specification asks for, as they send it: the recordings have it, and here it is by name.</summary>
public sealed partial class ClientPeculiarityTests : IAsyncLifetime
{
    private const string Streaming = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    private S3TestServer _server = null!;
    private RawConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync();
        _connection = await RawConnection.OpenAsync(_server.Http);
        Assert.Equal(200, (await SendAsync("PUT", "/box", "")).Status);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\"{0}\"")]
    public async Task Condition_ETagWithAndWithoutQuotes_IsTheSame(string form)
    {
        string tag = string.Format(CultureInfo.InvariantCulture, form, (await SendAsync("PUT", "/box/k", "text")).Header("ETag")!.Trim('"'));
        const string Other = "d41d8cd98f00b204e9800998ecf8427e";
        foreach (string method in new[] { "GET", "HEAD" })
        {
            Assert.Equal(200, (await SendAsync(method, "/box/k", "", ("If-Match", tag))).Status);
            Assert.Equal(412, (await SendAsync(method, "/box/k", "", ("If-Match", Other))).Status);
            Assert.Equal(304, (await SendAsync(method, "/box/k", "", ("If-None-Match", tag))).Status);
            Assert.Equal(200, (await SendAsync(method, "/box/k", "", ("If-None-Match", Other))).Status);
        }

        Assert.Equal(412, (await SendAsync("PUT", "/box/k", "text", ("If-None-Match", tag))).Status);
        Assert.Equal(412, (await SendAsync("PUT", "/box/k", "text", ("If-Match", Other))).Status);
        Assert.Equal(200, (await SendAsync("PUT", "/box/k", "text", ("If-Match", tag))).Status);
        Assert.Equal(412, (await SendAsync("DELETE", "/box/k", "", ("If-Match", Other))).Status);
        Assert.Equal(204, (await SendAsync("DELETE", "/box/k", "", ("If-Match", tag))).Status);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\"{0}\"")]
    [InlineData("&quot;{0}&quot;")]
    public async Task CompleteMultipartUpload_ETagWithAndWithoutQuotes_TakesThePart(string form)
    {
        string upload = await BeginUploadAsync("k");
        string tag = (await SendAsync("PUT", $"/box/k?partNumber=1&uploadId={upload}", "part")).Header("ETag")!.Trim('"');
        string written = string.Format(CultureInfo.InvariantCulture, form, tag);
        var answer = await SendAsync("POST", $"/box/k?uploadId={upload}", $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{written}</ETag></Part></CompleteMultipartUpload>");
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("part", (await SendAsync("GET", "/box/k", "")).Text);
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32", "AAAAAA==")]
    [InlineData("x-amz-checksum-sha256", "no base64 at all")]
    [InlineData("x-amz-sdk-checksum-algorithm", "CRC32")]
    [InlineData("x-amz-checksum-mode", "anything")]
    [InlineData("x-amz-checksum-mode", "ENABLED")]
    [InlineData("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")]
    [InlineData("Content-MD5", "not an MD5")]
    public async Task GetObject_ChecksumHeader_MeansNothingForTheBody(string name, string value)
    {
        await SendAsync("PUT", "/box/k", "text");
        var answer = await SendAsync("GET", "/box/k", "", (name, value));
        Assert.Equal((200, "text"), (answer.Status, answer.Text));
        Assert.Equal(200, (await SendAsync("HEAD", "/box/k", "", (name, value))).Status);
        Assert.Equal(200, (await SendAsync("GET", "/box?list-type=2", "", (name, value))).Status);
    }

    [Fact]
    public async Task UploadPart_Of900BytesWithoutContentLength_IsTaken()
    {
        byte[] part = [.. Enumerable.Range(0, 900).Select(i => (byte)i)];
        string sum = Convert.ToBase64String(SHA256.HashData(part)), upload = await BeginUploadAsync("k"), target = $"/box/k?partNumber=1&uploadId={upload}";
        byte[] framed = [.. Encoding.ASCII.GetBytes("384\r\n"), .. part, .. Encoding.ASCII.GetBytes($"\r\n0\r\nx-amz-checksum-sha256:{sum}\r\n\r\n")];
        (string, string)[] headers = [("Content-Encoding", "aws-chunked"), ("X-Amz-Trailer", "x-amz-checksum-sha256"), ("X-Amz-Decoded-Content-Length", "900"), ("Transfer-Encoding", "chunked")];

        // aws-chunked inside of HTTP's own chunks, as boto3 sends it over TLS: no Content-Length at all.
        var answer = await SendAsync("PUT", target, framed, Streaming, headers);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData(part))}\"", answer.Header("ETag"));
        answer = await SendAsync("POST", $"/box/k?uploadId={upload}", $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{answer.Header("ETag")}</ETag></Part></CompleteMultipartUpload>");
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(part, (await SendAsync("GET", "/box/k", "")).Body);
    }

    [Theory]
    [InlineData("/box/a/b/")]
    [InlineData("/box/a/")]
    [InlineData("/box/nowhere/at/all/")]
    [InlineData("/box/a/b/file/")]
    public async Task DeleteObject_ParentFolderThatDoesNotExist_IsDoneAndTouchesNothing(string target)
    {
        await SendAsync("PUT", "/box/a/b/file", "text");
        Assert.Equal(204, (await SendAsync("DELETE", target, "")).Status);
        Assert.Equal("text", (await SendAsync("GET", "/box/a/b/file", "")).Text);
    }

    private async Task<string> BeginUploadAsync(string key) =>
        UploadId().Match((await SendAsync("POST", $"/box/{key}?uploads=", "")).Text).Groups[1].Value;

    private Task<RawAnswer> SendAsync(string method, string target, string body, params (string Name, string Value)[] more) =>
        SendAsync(method, target, Encoding.UTF8.GetBytes(body), SignedRequest.Hash(Encoding.UTF8.GetBytes(body)), [.. more, ("Content-Length", $"{Encoding.UTF8.GetByteCount(body)}")]);

    private Task<RawAnswer> SendAsync(string method, string target, byte[] body, string hash, (string Name, string Value)[] more)
    {
        var signed = SignedRequest.Sign(
            method, target, [("Host", _server.Http.Authority), .. more], hash, (S3TestServer.AccessKey, S3TestServer.Secret), DateTimeOffset.UtcNow);
        return _connection.SendAsync(method, target, signed, body);
    }

    [GeneratedRegex("<UploadId>([^<]+)</UploadId>")]
    private static partial Regex UploadId();
}
