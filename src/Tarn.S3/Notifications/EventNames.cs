using System.Collections.Immutable;
using Tarn.Storage.Buckets.Events;

namespace Tarn.S3.Notifications;

/// <summary>Names of events ("Supported event types for SQS, SNS, and Lambda").</summary>
internal static class EventNames
{
    /// <summary>Those that a configuration may name. Copies and forms are puts here, so nothing would ever come for their own names.</summary>
    public static ImmutableArray<string> Supported { get; } =
    [
        "s3:ObjectCreated:*", "s3:ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload",
        "s3:ObjectRemoved:*", "s3:ObjectRemoved:Delete", "s3:ObjectRemoved:DeleteMarkerCreated",
    ];

    /// <summary>The name of what happened.</summary>
    public static string Of(ObjectEventKind kind) => kind switch
    {
        ObjectEventKind.Put or ObjectEventKind.Adopted => "s3:ObjectCreated:Put",
        ObjectEventKind.CompleteMultipartUpload => "s3:ObjectCreated:CompleteMultipartUpload",
        ObjectEventKind.Delete => "s3:ObjectRemoved:Delete",
        ObjectEventKind.DeleteMarkerCreated => "s3:ObjectRemoved:DeleteMarkerCreated",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
