using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tarn.Testing;

namespace Tarn.Tests.Server;

/// <summary>Events of a bucket reach the webhook that it names, also when that is away for a while.</summary>
public sealed class UpWebhookTests : IDisposable
{
    private const string Client = """
        import boto3, sys, botocore.config
        s3 = boto3.client("s3", endpoint_url=sys.argv[1], aws_access_key_id="rootkey", aws_secret_access_key="rootsecret", region_name="us-east-1",
                          config=botocore.config.Config(s3={"addressing_style": "path"}))
        s3.create_bucket(Bucket="raw")
        rule = {"Id": "csv", "QueueArn": "arn:tarn:sqs:::orders", "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
                "Filter": {"Key": {"FilterRules": [{"Name": "suffix", "Value": ".csv"}]}}}
        s3.put_bucket_notification_configuration(Bucket="raw", NotificationConfiguration={"QueueConfigurations": [rule]})
        assert s3.get_bucket_notification_configuration(Bucket="raw")["QueueConfigurations"] == [rule]
        s3.put_object(Bucket="raw", Key="a b.csv", Body=b"1,2")
        s3.put_object(Bucket="raw", Key="skipped.json", Body=b"{}")
        s3.delete_object(Bucket="raw", Key="a b.csv")
        """;

    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Events_OfABucket_ReachItsWebhookSignedAndInOrder()
    {
        if (!PythonTool.Has("boto3"))
            return;
        using var listener = LocalListener.Start(out string address);
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), $"""
            root:
              access_key: rootkey
              secret_key: rootsecret
            s3:
              webhooks: ["orders={address}"]
              webhook_secret: shared
            """);
        await using var server = await RunningServer.StartAsync(_tarn);

        PythonTool.Run("boto3", Client, "http://" + server.Listeners["s3"]);

        // The first answer is a refusal: the message must come again.
        string refused = await TakeAsync(listener, HttpStatusCode.ServiceUnavailable);
        string created = await TakeAsync(listener, HttpStatusCode.OK);
        string removed = await TakeAsync(listener, HttpStatusCode.NoContent);
        Assert.Equal(refused, created);
        Assert.Equal(("ObjectCreated:Put", "a+b.csv", 3), Read(created, withSize: true));
        Assert.Equal(("ObjectRemoved:Delete", "a+b.csv", 0), Read(removed, withSize: false));
    }

    private static async Task<string> TakeAsync(HttpListener listener, HttpStatusCode answer)
    {
        var context = await listener.GetContextAsync().WaitAsync(TimeSpan.FromMinutes(1));
        using var reader = new StreamReader(context.Request.InputStream);
        string body = await reader.ReadToEndAsync();
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("shared"u8, Encoding.UTF8.GetBytes(body))), context.Request.Headers["X-Tarn-Signature"]);
        context.Response.StatusCode = (int)answer;
        context.Response.Close();
        return body;
    }

    private static (string Event, string Key, int Size) Read(string body, bool withSize)
    {
        using var json = JsonDocument.Parse(body);
        var record = json.RootElement.GetProperty("Records")[0];
        var stored = record.GetProperty("s3").GetProperty("object");
        return (record.GetProperty("eventName").GetString()!, stored.GetProperty("key").GetString()!, withSize ? stored.GetProperty("size").GetInt32() : 0);
    }
}
