using System.Collections.Immutable;
using System.Xml.Linq;
using Tarn.S3.Errors;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Lifecycle;

/// <summary>The document <c>LifecycleConfiguration</c> ("Lifecycle configuration elements").</summary>
/// <param name="Rules">Rules in order.</param>
/// <param name="FilteredIds">Names of the rules that came with a <c>Filter</c>; others have the older <c>Prefix</c>.</param>
internal sealed record LifecycleConfiguration(ImmutableArray<LifecycleRule> Rules, IReadOnlySet<string> FilteredIds)
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "LifecycleConfiguration";

    private const int MaximumRules = 1000, MaximumIdLength = 255;

    /// <summary>Reads the document. Rules without a name get one by <paramref name="newId"/>.</summary>
    /// <exception cref="S3Exception">MalformedXML, InvalidArgument, InvalidRequest, or InvalidStorageClass for transitions.</exception>
    public static LifecycleConfiguration Parse(ReadOnlyMemory<byte> body, Func<string> newId)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("Rule");
        var elements = root.Children("Rule").ToList();
        ImmutableArray<LifecycleRule> rules = [.. elements.Select(r => Rule(r, newId))];
        if (rules.Length is 0 or > MaximumRules)
            throw new S3Exception(S3Error.MalformedXML, $"The configuration has {rules.Length} rules; 1 to {MaximumRules} are possible.");
        if (rules.GroupBy(r => r.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Argument("ID", twice.Key, "Rule ID must be unique. Found same ID for more than one rule");
        return new(rules, rules.Where((_, i) => elements[i].Child("Filter") is not null).Select(r => r.Id).ToHashSet());
    }

    private static LifecycleRule Rule(XElement element, Func<string> newId)
    {
        if (element.Child("Transition") is not null || element.Child("NoncurrentVersionTransition") is not null)
            throw new S3Exception(S3Error.InvalidStorageClass, "There is one storage class, STANDARD, and nothing to move objects to.");
        element.Allow("ID", "Prefix", "Filter", "Status", "Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload");
        bool isEnabled = element.Choice("Status", "Enabled", "Disabled") == "Enabled";
        string id = element.Text("ID") is { Length: > 0 } given ? given : newId();
        if (id.Length > MaximumIdLength)
            throw Argument("ID", id, "ID length should not exceed allowed limit of 255");
        var rule = LifecycleFilter.Read(element, new(id, isEnabled));
        rule = Abort(Noncurrent(Expiration(rule, element.AtMostOne("Expiration")), element.AtMostOne("NoncurrentVersionExpiration")), element.AtMostOne("AbortIncompleteMultipartUpload"));
        if (!HasAction(rule))
            throw new S3Exception(S3Error.InvalidRequest, "At least one action needs to be specified in a rule.");
        bool isOfWholeObjects = rule.Tags.IsEmpty && rule.SizeGreaterThanBytes is null && rule.SizeLessThanBytes is null;
        if (rule.AbortUploadsAfterDays is not null && !isOfWholeObjects)
            throw new S3Exception(S3Error.InvalidRequest, "AbortIncompleteMultipartUpload cannot be specified with Tags or object sizes.");
        if (rule.ExpiresDeleteMarkers && !rule.Tags.IsEmpty)
            throw new S3Exception(S3Error.InvalidRequest, "ExpiredObjectDeleteMarker cannot be specified with Tags.");
        return rule;
    }

    private static LifecycleRule Expiration(LifecycleRule rule, XElement? action)
    {
        if (action is null)
            return rule;
        action.Allow("Days", "Date", "ExpiredObjectDeleteMarker");
        if (action.Elements().Count() != 1)
            throw new S3Exception(S3Error.MalformedXML, "'Expiration' holds exactly one of: Days, Date, ExpiredObjectDeleteMarker.");
        return rule with
        {
            ExpirationDays = Days(action, "Days", "'Days' for Expiration action must be a positive integer"),
            ExpirationDate = Date(action),
            ExpiresDeleteMarkers = action.Child("ExpiredObjectDeleteMarker") is not null && action.Choice("ExpiredObjectDeleteMarker", "true", "false") == "true",
        };
    }

    private static LifecycleRule Noncurrent(LifecycleRule rule, XElement? action)
    {
        if (action is null)
            return rule;
        action.Allow("NoncurrentDays", "NewerNoncurrentVersions");
        int? newer = Days(action, "NewerNoncurrentVersions", "'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be a positive integer");
        return rule with
        {
            NoncurrentDays = Days(action, "NoncurrentDays", "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer")
                ?? throw new S3Exception(S3Error.MalformedXML, "'NoncurrentVersionExpiration' lacks 'NoncurrentDays'."),
            NewerNoncurrentVersions = newer,
        };
    }

    private static LifecycleRule Abort(LifecycleRule rule, XElement? action)
    {
        if (action is null)
            return rule;
        action.Allow("DaysAfterInitiation");
        return rule with
        {
            AbortUploadsAfterDays = Days(action, "DaysAfterInitiation", "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer")
                ?? throw new S3Exception(S3Error.MalformedXML, "'AbortIncompleteMultipartUpload' lacks 'DaysAfterInitiation'."),
        };
    }

    private static bool HasAction(LifecycleRule rule)
        => rule is { ExpirationDays: not null } or { ExpirationDate: not null } or { ExpiresDeleteMarkers: true } or { NoncurrentDays: not null } or { AbortUploadsAfterDays: not null };

    private static int? Days(XElement action, string name, string rule) => action.Integer(name) switch
    {
        null => null,
        > 0 and <= int.MaxValue and var days => (int)days,
        var days => throw Argument(name, $"{days}", rule),
    };

    private static DateTimeOffset? Date(XElement action)
    {
        var date = action.Time("Date");
        return date is null || date.Value.TimeOfDay == TimeSpan.Zero ? date : throw Argument("Date", action.Required("Date"), "'Date' must be at midnight GMT");
    }

    private static S3Exception Argument(string name, string value, string message)
        => new S3Exception(S3Error.InvalidArgument, message).With("ArgumentName", name).With("ArgumentValue", value);
}
