using System.Xml.Linq;
using Tarn.S3.Errors;
using Tarn.S3.Tagging;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Lifecycle;

/// <summary>
/// What a rule of a lifecycle applies to: <c>Filter</c>, or the older <c>Prefix</c> of the rule itself. Several conditions belong into <c>And</c>; beside
/// each other they are taken the same way, for all must hold.
/// </summary>
internal static class LifecycleFilter
{
    /// <summary>Adds the conditions of a rule.</summary>
    /// <exception cref="S3Exception">MalformedXML or InvalidArgument.</exception>
    public static LifecycleRule Read(XElement element, LifecycleRule rule)
    {
        var filter = element.AtMostOne("Filter");
        if (filter is not null && element.Child("Prefix") is not null)
            throw new S3Exception(S3Error.MalformedXML, "A rule has either 'Filter' or 'Prefix', not both.");
        if (filter is null)
            return element.Child("Prefix") is { } prefix ? rule with { Prefix = prefix.Value } : throw new S3Exception(S3Error.MalformedXML, "A rule needs a 'Filter'.");
        filter.Allow("Prefix", "Tag", "And", "ObjectSizeGreaterThan", "ObjectSizeLessThan");
        rule = Conditions(filter, rule);
        if (filter.AtMostOne("And") is not { } and)
            return rule;
        and.Allow("Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan");
        return Conditions(and, rule);
    }

    private static LifecycleRule Conditions(XElement element, LifecycleRule rule)
    {
        var tags = rule.Tags.ToBuilder();
        foreach (var tag in element.Children("Tag"))
        {
            tag.Allow("Key", "Value");
            TagSet.Add(tags, tag.Required("Key"), tag.Child("Value")?.Value ?? "", TagSet.ObjectLimit);
        }

        return rule with
        {
            Prefix = Prefix(rule.Prefix, element.AtMostOne("Prefix")?.Value ?? ""),
            Tags = tags.ToImmutable(),
            SizeGreaterThanBytes = Size(element, "ObjectSizeGreaterThan") ?? rule.SizeGreaterThanBytes,
            SizeLessThanBytes = Size(element, "ObjectSizeLessThan") ?? rule.SizeLessThanBytes,
        };
    }

    private static string Prefix(string one, string other)
        => one.StartsWith(other, StringComparison.Ordinal) ? one
            : other.StartsWith(one, StringComparison.Ordinal) ? other
            : throw new S3Exception(S3Error.MalformedXML, $"No key begins with both '{one}' and '{other}'.");

    private static long? Size(XElement element, string name) => element.Integer(name) switch
    {
        null => null,
        >= 0 and <= BucketLimits.ObjectBytes and var size => size,
        var size => throw new S3Exception(S3Error.InvalidArgument, $"'{name}' must be between 0 and {BucketLimits.ObjectBytes}")
            .With("ArgumentName", name).With("ArgumentValue", $"{size}"),
    };
}
