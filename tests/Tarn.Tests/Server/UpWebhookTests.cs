using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tarn.Tests.Server;

/// <summary>Events of a bucket reach the webhook that it names, also when that is away for a while.</summary>
public sealed class UpWebhookTests : IDisposable
{
    private const string Client = """
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
        if (!Boto3Script.IsThere)
            return;
        using var listener = new WebhookListener();
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), $"""
            {RootKey.Settings}
            s3:
              webhooks: ["orders={listener.Address}"]
              webhook_secret: shared
            """);
        await using var server = await RunningServer.StartAsync(_tarn);

        Boto3Script.Run(server, Client);

        // The first answer is a refusal: the message must come again.
        string refused = await TakeAsync(listener, HttpStatusCode.ServiceUnavailable);
        string created = await TakeAsync(listener, HttpStatusCode.OK);
        string removed = await TakeAsync(listener, HttpStatusCode.NoContent);
        Assert.Equal(refused, created);
        Assert.Equal(("ObjectCreated:Put", "a+b.csv", 3), Read(created, withSize: true));
        Assert.Equal(("ObjectRemoved:Delete", "a+b.csv", 0), Read(removed, withSize: false));
    }

    private static async Task<string> TakeAsync(WebhookListener listener, HttpStatusCode answer)
    {
        var (body, signature) = await listener.TakeAsync(answer);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("shared"u8, Encoding.UTF8.GetBytes(body))), signature);
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
