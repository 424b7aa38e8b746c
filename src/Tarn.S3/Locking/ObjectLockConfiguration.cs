using System.Xml.Linq;
using Tarn.S3.Errors;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Locking;

/// <summary>The document <c>ObjectLockConfiguration</c> ("Locking objects with Object Lock").</summary>
internal static class ObjectLockConfiguration
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "ObjectLockConfiguration";

    private const int MaximumDays = 36_500, MaximumYears = 100;

    /// <summary>Reads the document.</summary>
    /// <exception cref="S3Exception">MalformedXML, InvalidRetentionPeriod or InvalidArgument.</exception>
    public static ObjectLockSettings Parse(ReadOnlyMemory<byte> body)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("ObjectLockEnabled", "Rule");
        root.Choice("ObjectLockEnabled", "Enabled");
        if (root.AtMostOne("Rule") is not { } rule)
            return new();
        rule.Allow("DefaultRetention");
        return DefaultRetention(rule.AtMostOne("DefaultRetention") ?? throw new S3Exception(S3Error.MalformedXML, "'Rule' lacks 'DefaultRetention'."));
    }

    /// <summary>Writes the document.</summary>
    public static XmlAnswer Write(ObjectLockSettings settings)
    {
        var xml = new XmlAnswer().Root(Root).Element("ObjectLockEnabled", "Enabled");
        if (settings.DefaultMode is { } mode)
        {
            xml.Open("Rule").Open("DefaultRetention").Element("Mode", mode.Name);
            _ = settings.DefaultDays is { } days ? xml.Element("Days", days) : xml.Element("Years", settings.DefaultYears ?? 0);
            xml.Close().Close();
        }

        return xml.Close();
    }

    private static ObjectLockSettings DefaultRetention(XElement element)
    {
        element.Allow("Mode", "Days", "Years");
        var mode = RetentionModes.Parse(element.Choice("Mode", RetentionModes.Governance, RetentionModes.Compliance));
        var (days, years) = (element.Integer("Days"), element.Integer("Years"));
        if (days is null == years is null)
            throw new S3Exception(S3Error.MalformedXML, "'DefaultRetention' holds either 'Days' or 'Years'.");
        if (days <= 0 || years <= 0)
            throw new S3Exception(S3Error.InvalidRetentionPeriod, "Default retention period must be a positive integer value.");
        if (days > MaximumDays || years > MaximumYears)
            throw new S3Exception(S3Error.InvalidArgument, $"Default retention period too large: at most {MaximumDays} days or {MaximumYears} years.");
        return new(mode, (int?)days, (int?)years);
    }
}
