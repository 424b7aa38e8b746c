using System.Net;

namespace Tarn.Tests.Server;

/// <summary>Lifecycle rules are applied by the running server, in days as long as the setting says.</summary>
public sealed class UpLifecycleTests : IDisposable
{
    // A rule removes the object, and the webhook hears of it.
    private const string Client = """
        if sys.argv[2] == "put":
            s3.create_bucket(Bucket="raw")
            s3.put_bucket_notification_configuration(Bucket="raw", NotificationConfiguration={"QueueConfigurations": [
                {"Id": "gone", "QueueArn": "arn:tarn:sqs:::gone", "Events": ["s3:ObjectRemoved:*"]}]})
            s3.put_bucket_lifecycle_configuration(Bucket="raw", LifecycleConfiguration={"Rules": [
                {"ID": "tmp", "Filter": {"Prefix": "tmp/"}, "Status": "Enabled", "Expiration": {"Days": 1}}]})
            for key in ("tmp/a", "kept"):
                s3.put_object(Bucket="raw", Key=key, Body=b"x")
        else:
            print(*[o["Key"] for o in s3.list_objects_v2(Bucket="raw")["Contents"]])
        """;

    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Lifecycle_DaysOfASecond_RemoveWhatHasExpired()
    {
        if (!Boto3Script.IsThere)
            return;
        using var listener = new WebhookListener();
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), $"""
            {RootKey.Settings}
            s3:
              lifecycle_day: 1s
              webhooks: ["gone={listener.Address}"]
            """);
        await using var server = await RunningServer.StartAsync(_tarn);
        Boto3Script.Run(server, Client, "put");
        var (removed, _) = await listener.TakeAsync(HttpStatusCode.OK);
        Assert.Contains("\"tmp/a\"", removed, StringComparison.Ordinal);
        Assert.Equal("kept", Boto3Script.Run(server, Client, "list"));
    }

    [Theory]
    [InlineData("500ms", "less than the 1s that are needed")]
    [InlineData("2d", "more than the 24h that are allowed")]
    public async Task Lifecycle_DayThatCannotBe_IsRefused(string day, string reason)
    {
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "tarn.yaml"), $"s3:\n  lifecycle_day: {day}\n");
        var result = await _tarn.RunAsync("config", "check");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(reason, result.ToString(), StringComparison.Ordinal);
    }
}
