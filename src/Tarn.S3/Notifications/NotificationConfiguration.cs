using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Notifications;

/// <summary>The document <c>NotificationConfiguration</c> (PutBucketNotificationConfiguration). Queues and topics are the webhooks of the server.</summary>
internal static class NotificationConfiguration
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "NotificationConfiguration";

    private const string Queue = "QueueConfiguration", Topic = "TopicConfiguration";
    private const int MaximumRules = 100;

    /// <summary>The rules of a bucket; empty when it has none.</summary>
    public static ImmutableArray<NotificationRule> Of(BucketRecord bucket)
        => bucket.Documents.TryGetValue(BucketDocuments.Notification, out string? text) ? Parse(Encoding.UTF8.GetBytes(text)) : [];

    /// <summary>Reads the document.</summary>
    /// <exception cref="S3Exception">MalformedXML; InvalidArgument for events and targets that do not exist; NotImplemented for functions and event buses.</exception>
    public static ImmutableArray<NotificationRule> Parse(ReadOnlyMemory<byte> body)
    {
        var root = XmlRequest.Read(body, Root);
        if (root.Elements().FirstOrDefault(e => e.Name.LocalName is "CloudFunctionConfiguration" or "LambdaFunctionConfiguration" or "EventBridgeConfiguration") is { } other)
            throw new S3Exception(S3Error.NotImplemented, $"'{other.Name.LocalName}' is not implemented; send events to a webhook by '{Queue}'.");
        root.Allow(Queue, Topic);
        ImmutableArray<NotificationRule> rules = [.. root.Elements().Select((e, i) => Rule(e, i + 1))];
        return rules.Length <= MaximumRules ? rules
            : throw new S3Exception(S3Error.InvalidArgument, $"The configuration has {rules.Length} rules; at most {MaximumRules} are possible.");
    }

    /// <summary>Checks a document and writes it as it is kept.</summary>
    /// <param name="body">The document as sent.</param>
    /// <param name="webhooks">The targets there are.</param>
    /// <exception cref="S3Exception">As <see cref="Parse"/>.</exception>
    public static XmlAnswer Validate(ReadOnlyMemory<byte> body, IReadOnlyList<Webhook> webhooks)
    {
        var xml = new XmlAnswer().Root(Root);
        foreach (var rule in Parse(body))
        {
            if (!webhooks.Any(w => rule.Target == (rule.IsTopic ? w.TopicArn : w.QueueArn)))
                throw Unknown(rule, webhooks);
            Write(xml, rule);
        }

        return xml.Close();
    }

    private static NotificationRule Rule(XElement element, int number)
    {
        bool isTopic = element.Name.LocalName == Topic;
        element.Allow("Id", isTopic ? "Topic" : "Queue", "Event", "Filter");
        ImmutableArray<string> events = [.. element.Children("Event").Select(e => e.Value.Trim())];
        if (events.IsEmpty)
            throw new S3Exception(S3Error.MalformedXML, $"'{element.Name.LocalName}' lacks 'Event'.");
        if (events.FirstOrDefault(e => !EventNames.Supported.Contains(e)) is { } unknown)
            throw new S3Exception(S3Error.InvalidArgument, $"The event '{unknown}' is not supported for notifications; supported are {string.Join(", ", EventNames.Supported)}.");
        var (prefix, suffix) = Filter(element.AtMostOne("Filter"));
        string id = element.Text("Id") is { Length: > 0 } given ? given : number.ToString(CultureInfo.InvariantCulture);
        return new NotificationRule(id, element.Required(isTopic ? "Topic" : "Queue"), isTopic, events, prefix, suffix);
    }

    private static (string Prefix, string Suffix) Filter(XElement? filter)
    {
        string prefix = "", suffix = "";
        foreach (var rule in filter?.Child("S3Key")?.Children("FilterRule") ?? [])
        {
            string value = rule.Child("Value")?.Value ?? "";
            switch (rule.Required("Name").ToLowerInvariant())
            {
                case "prefix":
                    prefix = value;
                    break;
                case "suffix":
                    suffix = value;
                    break;
                default:
                    throw new S3Exception(S3Error.InvalidArgument, "filter rule name must be either prefix or suffix");
            }
        }

        return (prefix, suffix);
    }

    private static void Write(XmlAnswer xml, NotificationRule rule)
    {
        xml.Open(rule.IsTopic ? Topic : Queue).Element("Id", rule.Id).Element(rule.IsTopic ? "Topic" : "Queue", rule.Target);
        foreach (string name in rule.Events)
            xml.Element("Event", name);
        if (rule.Prefix.Length + rule.Suffix.Length > 0)
        {
            xml.Open("Filter").Open("S3Key");
            WriteFilter(xml, "prefix", rule.Prefix);
            WriteFilter(xml, "suffix", rule.Suffix);
            xml.Close().Close();
        }

        xml.Close();
    }

    private static void WriteFilter(XmlAnswer xml, string name, string value)
    {
        if (value.Length > 0)
            xml.Open("FilterRule").Element("Name", name).Element("Value", value).Close();
    }

    private static S3Exception Unknown(NotificationRule rule, IReadOnlyList<Webhook> webhooks)
    {
        string known = webhooks.Count == 0 ? "the server has none (s3.webhooks)" : $"the server has {string.Join(", ", webhooks.Select(w => rule.IsTopic ? w.TopicArn : w.QueueArn))}";
        return new S3Exception(S3Error.InvalidArgument, $"Unable to validate the following destination configurations: there is no target '{rule.Target}'; {known}.")
            .With("ArgumentName", rule.Target);
    }
}
