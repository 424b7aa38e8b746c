using Tarn.S3.Tests.Hosting;
using Tarn.Testing;

namespace Tarn.S3.Tests.Clients;

/// <summary>Unmodified boto3 over HTTP and TLS. Over TLS it sends the unsigned trailer framing that it never sends over HTTP.</summary>
public sealed class Boto3Tests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Boto3_PutGetHeadListDelete_GiveBackWhatWasStored(bool isTls)
    {
        if (!PythonTool.Has("boto3"))
            return;
        await using var server = await S3TestServer.StartAsync();
        Assert.Equal("done", await RunAsync(server, isTls, "objects"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Boto3_PresignedUrlsAndForms_WorkInBothVersions(bool isTls)
    {
        if (!PythonTool.Has("boto3"))
            return;
        await using var server = await S3TestServer.StartAsync();
        Assert.Equal("done", await RunAsync(server, isTls, "presigned"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Boto3_TemporaryCredentials_WorkWithTheirToken(bool isTls)
    {
        if (!PythonTool.Has("boto3"))
            return;
        await using var server = await S3TestServer.StartAsync();
        Assert.Equal("done", await RunAsync(server, isTls, "sessions"));
    }

    private static async Task<string> RunAsync(S3TestServer server, bool isTls, string part)
    {
        string script = await File.ReadAllTextAsync(Path.Join(AppContext.BaseDirectory, "Clients", "boto3_client.py"));
        string endpoint = (isTls ? server.Https : server.Http).ToString().TrimEnd('/');
        return (await Task.Run(() => PythonTool.Run("boto3", script, endpoint, S3TestServer.AccessKey, S3TestServer.Secret, part))).Trim();
    }
}
