using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tarn.Core.Caching;
using Tarn.Core.Errors;
using Tarn.Core.Tasks;
using Tarn.Storage.Buckets;
using Tarn.Storage.Buckets.Events;

namespace Tarn.S3.Notifications;

/// <summary>
/// Sends the events that buckets ask for to their webhooks. What was noticed survives a restart and is sent at least once, for each webhook in
/// order; an event in the moment of a crash may be missed.
/// </summary>
public sealed partial class EventDelivery
{
    /// <summary>Name of the folder of waiting events in a data folder.</summary>
    public const string FolderName = ".events";

    // Enough for bursts; beyond it the oldest are dropped and the loss is logged.
    private const int QueuedEvents = 65_536, SpooledEvents = 100_000;

    // Rules are kept by the name of their bucket; beyond this many all are read again, or those of deleted buckets would stay for ever.
    private const int MaxRules = 1024;
    private static readonly TimeSpan s_sendLimit = TimeSpan.FromSeconds(30);

    private readonly IBucketStore _store;
    private readonly ObjectEvents _events;
    private readonly S3Options _options;
    private readonly ILogger _log;
    private readonly ForgetfulCache<string, (string Text, ImmutableArray<NotificationRule> Rules)> _rules = new(MaxRules);
    private readonly Dictionary<string, WebhookSender> _senders = new(StringComparer.Ordinal);

    /// <summary>Opens the spools of all webhooks.</summary>
    /// <param name="store">Buckets and what they ask for.</param>
    /// <param name="events">What happens.</param>
    /// <param name="options">The webhooks.</param>
    /// <param name="folder">Where waiting events are kept, <see cref="FolderName"/> in the data folder.</param>
    /// <param name="client">Sends; the caller keeps it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of failures.</param>
    /// <exception cref="TarnException">The disk cannot be read or written.</exception>
    public EventDelivery(IBucketStore store, ObjectEvents events, S3Options options, string folder, HttpClient client, TimeProvider time, ILogger log)
    {
        (_store, _events, _options, _log) = (store, events, options, log);
        client.Timeout = s_sendLimit;
        foreach (var webhook in options.Webhooks)
        {
            var sender = new WebhookSender(webhook, new EventSpool(Path.Join(folder, webhook.Name), SpooledEvents), options.WebhookSecret, client, time, log);
            (_senders[webhook.QueueArn], _senders[webhook.TopicArn]) = (sender, sender);
        }
    }

    /// <summary>Listens and sends until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var queue = _events.Listen(QueuedEvents);
        await Loops.RunTogetherAsync([cancel => DispatchAsync(queue, cancel), .. _senders.Values.Distinct().Select<WebhookSender, Func<CancellationToken, Task>>(sender => sender.RunAsync)], cancellationToken);
    }

    private async Task DispatchAsync(ObjectEventQueue queue, CancellationToken cancellationToken)
    {
        long dropped = 0;
        await foreach (var happened in queue.ReadAsync(cancellationToken))
        {
            if (queue.DroppedCount > dropped)
                LogDropped((dropped = queue.DroppedCount));
            if (await _store.FindBucketAsync(happened.Bucket, cancellationToken) is not { } bucket)
                continue;
            foreach (var rule in Rules(bucket))
            {
                if (rule.IsAbout(happened.Kind, happened.Record.Key) && _senders.TryGetValue(rule.Target, out var sender))
                    Add(sender, EventMessage.Write(happened, bucket, rule, _options.Region), bucket.Name);
            }
        }
    }

    // A disk that is full for a while costs the events of that while, not all that come after.
    private void Add(WebhookSender sender, ReadOnlySpan<byte> message, string bucket)
    {
        try
        {
            sender.Add(message);
        }
        catch (TarnException error)
        {
            LogNotKept(bucket, error.Message);
        }
    }

    private ImmutableArray<NotificationRule> Rules(BucketRecord bucket)
    {
        if (!bucket.Documents.TryGetValue(Authorization.BucketDocuments.Notification, out string? text))
            return [];
        if (!_rules.TryGet(bucket.Name, out var known) || known.Text != text)
        {
            known = (text, NotificationConfiguration.Of(bucket));
            _rules.Set(bucket.Name, known);
        }

        return known.Rules;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Events of buckets came faster than they could be kept: {Count} were lost since the start")]
    private partial void LogDropped(long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "An event of the bucket {Bucket} could not be kept and is lost: {Reason}")]
    private partial void LogNotKept(string bucket, string reason);
}
