using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Cors;

/// <summary>The document <c>CORSConfiguration</c> ("Using cross-origin resource sharing", "Elements of a CORS configuration").</summary>
internal static class CorsConfiguration
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "CORSConfiguration";

    private const int MaximumRules = 100, MaximumIdLength = 255;

    private static readonly ImmutableArray<string> s_methods = ["GET", "PUT", "POST", "DELETE", "HEAD"];

    /// <summary>The rules of a bucket; empty when it has none.</summary>
    public static ImmutableArray<CorsRule> Of(BucketRecord bucket)
        => bucket.Documents.TryGetValue(BucketDocuments.Cors, out string? text) ? Parse(Encoding.UTF8.GetBytes(text)) : [];

    /// <summary>Reads the document.</summary>
    /// <exception cref="S3Exception">MalformedXML, or InvalidRequest for rules that break a rule.</exception>
    public static ImmutableArray<CorsRule> Parse(ReadOnlyMemory<byte> body)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("CORSRule");
        ImmutableArray<CorsRule> rules = [.. root.Children("CORSRule").Select(Rule)];
        return rules.Length is > 0 and <= MaximumRules ? rules
            : throw new S3Exception(S3Error.MalformedXML, $"The configuration has {rules.Length} rules; 1 to {MaximumRules} are possible.");
    }

    /// <summary>Checks a document and writes it as it is kept.</summary>
    public static XmlAnswer Validate(ReadOnlyMemory<byte> body)
    {
        var xml = new XmlAnswer().Root(Root);
        foreach (var rule in Parse(body))
            Write(xml, rule);
        return xml.Close();
    }

    private static CorsRule Rule(XElement element)
    {
        element.Allow("ID", "AllowedOrigin", "AllowedMethod", "AllowedHeader", "ExposeHeader", "MaxAgeSeconds");
        var rule = new CorsRule(
            element.Text("ID"), Texts(element, "AllowedOrigin"), Texts(element, "AllowedMethod"), Texts(element, "AllowedHeader"),
            Texts(element, "ExposeHeader"), (int?)element.Integer("MaxAgeSeconds"));
        if (rule.Origins.IsEmpty || rule.Methods.IsEmpty)
            throw new S3Exception(S3Error.MalformedXML, "Each 'CORSRule' needs an 'AllowedOrigin' and an 'AllowedMethod'.");
        if (rule.Id?.Length > MaximumIdLength)
            throw new S3Exception(S3Error.InvalidRequest, $"The ID of a rule is longer than {MaximumIdLength} characters.");
        if (rule.Methods.FirstOrDefault(m => !s_methods.Contains(m)) is { } method)
            throw new S3Exception(S3Error.InvalidRequest, $"Found unsupported HTTP method in CORS config. Unsupported method is {method}");
        RequireOneStar(rule.Origins, "AllowedOrigin");
        RequireOneStar(rule.Headers, "AllowedHeader");
        if (rule.ExposedHeaders.FirstOrDefault(h => h.Contains('*')) is { } exposed)
            throw new S3Exception(S3Error.InvalidRequest, $"ExposeHeader \"{exposed}\" contains wildcard. We currently do not support wildcard for ExposeHeader.");
        return rule;
    }

    private static void RequireOneStar(ImmutableArray<string> patterns, string element)
    {
        if (patterns.FirstOrDefault(p => p.AsSpan().Count('*') > 1) is { } pattern)
            throw new S3Exception(S3Error.InvalidRequest, $"{element} \"{pattern}\" can not have more than one wildcard.");
    }

    private static ImmutableArray<string> Texts(XElement element, string name) => [.. element.Children(name).Select(e => e.Value.Trim())];

    private static void Write(XmlAnswer xml, CorsRule rule)
    {
        xml.Open("CORSRule").Optional("ID", rule.Id);
        foreach (string header in rule.Headers)
            xml.Element("AllowedHeader", header);
        foreach (string method in rule.Methods)
            xml.Element("AllowedMethod", method);
        foreach (string origin in rule.Origins)
            xml.Element("AllowedOrigin", origin);
        foreach (string header in rule.ExposedHeaders)
            xml.Element("ExposeHeader", header);
        if (rule.MaximumAgeSeconds is { } age)
            xml.Element("MaxAgeSeconds", age);
        xml.Close();
    }
}
