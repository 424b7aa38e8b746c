namespace Tarn.S3.Notifications;

/// <summary>A place that events of buckets may be sent to: buckets name it in their notification configuration.</summary>
/// <param name="Name">Letters, digits, hyphens and underscores.</param>
/// <param name="Address">Takes a POST of each event; any answer 2xx means that it has it.</param>
public sealed record Webhook(string Name, Uri Address)
{
    private const string Queue = "arn:tarn:sqs:::", Topic = "arn:tarn:sns:::";

    /// <summary>What a <c>QueueConfiguration</c> calls it.</summary>
    public string QueueArn => Queue + Name;

    /// <summary>What a <c>TopicConfiguration</c> calls it.</summary>
    public string TopicArn => Topic + Name;
}
