using System.Collections.Immutable;
using Tarn.Storage.Buckets.Events;

namespace Tarn.S3.Notifications;

/// <summary>Which events go where: a <c>QueueConfiguration</c> or <c>TopicConfiguration</c>.</summary>
/// <param name="Id">Its name, given back with each event.</param>
/// <param name="Target">ARN of a <see cref="Webhook"/>.</param>
/// <param name="IsTopic">Whether it was given as a topic.</param>
/// <param name="Events">Names such as <c>s3:ObjectCreated:*</c>.</param>
/// <param name="Prefix">Keys must begin with it.</param>
/// <param name="Suffix">Keys must end with it.</param>
internal sealed record NotificationRule(string Id, string Target, bool IsTopic, ImmutableArray<string> Events, string Prefix, string Suffix)
{
    /// <summary>Whether an event is to be sent.</summary>
    public bool IsAbout(ObjectEventKind kind, string key)
    {
        string name = EventNames.Of(kind);
        return key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith(Suffix, StringComparison.Ordinal)
            && Events.Any(e => e == name || (e.EndsWith('*') && name.StartsWith(e[..^1], StringComparison.Ordinal)));
    }
}
