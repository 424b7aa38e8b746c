using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Lifecycle;

/// <summary>Writes the rules of a lifecycle back as the document that they came from.</summary>
internal static class LifecycleDocument
{
    /// <summary>Writes the document.</summary>
    public static XmlAnswer Write(LifecycleConfiguration lifecycle)
    {
        var xml = new XmlAnswer().Root(LifecycleConfiguration.Root);
        foreach (var rule in lifecycle.Rules)
            Write(xml, rule, lifecycle.FilteredIds.Contains(rule.Id));
        return xml.Close();
    }

    private static void Write(XmlAnswer xml, LifecycleRule rule, bool hasFilter)
    {
        xml.Open("Rule").Element("ID", rule.Id);
        if (hasFilter)
            Filter(xml.Open("Filter"), rule);
        else
            xml.Element("Prefix", rule.Prefix);
        xml.Element("Status", rule.IsEnabled ? "Enabled" : "Disabled");
        Actions(xml, rule);
        xml.Close();
    }

    private static void Filter(XmlAnswer xml, LifecycleRule rule)
    {
        int count = rule.Tags.Count + (rule.Prefix.Length > 0 ? 1 : 0) + (rule.SizeGreaterThanBytes is null ? 0 : 1) + (rule.SizeLessThanBytes is null ? 0 : 1);
        if (count > 1)
            xml.Open("And");
        // An empty filter takes every object.
        if (rule.Prefix.Length > 0 || count == 0)
            xml.Element("Prefix", rule.Prefix);
        foreach (var (key, value) in rule.Tags)
            xml.Open("Tag").Element("Key", key).Element("Value", value).Close();
        if (rule.SizeGreaterThanBytes is { } more)
            xml.Element("ObjectSizeGreaterThan", more);
        if (rule.SizeLessThanBytes is { } less)
            xml.Element("ObjectSizeLessThan", less);
        if (count > 1)
            xml.Close();
        xml.Close();
    }

    private static void Actions(XmlAnswer xml, LifecycleRule rule)
    {
        if (rule.ExpirationDays is { } days)
            xml.Open("Expiration").Element("Days", days).Close();
        if (rule.ExpirationDate is { } date)
            xml.Open("Expiration").Element("Date", date).Close();
        if (rule.ExpiresDeleteMarkers)
            xml.Open("Expiration").Element("ExpiredObjectDeleteMarker", true).Close();
        if (rule.NoncurrentDays is { } noncurrent)
        {
            xml.Open("NoncurrentVersionExpiration").Element("NoncurrentDays", noncurrent);
            if (rule.NewerNoncurrentVersions is { } newer)
                xml.Element("NewerNoncurrentVersions", newer);
            xml.Close();
        }

        if (rule.AbortUploadsAfterDays is { } abort)
            xml.Open("AbortIncompleteMultipartUpload").Element("DaysAfterInitiation", abort).Close();
    }
}
