using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Tarn.S3.Errors;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>The document <c>Delete</c>: which keys and versions to delete.</summary>
/// <param name="Entries">Entries in order.</param>
/// <param name="IsQuiet">Whether only failures are told.</param>
internal sealed record DeleteRequest(ImmutableArray<DeleteRequestEntry> Entries, bool IsQuiet)
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "Delete";

    /// <summary>Most entries.</summary>
    public const int MaximumEntries = 1000;

    /// <summary>Reads the document.</summary>
    /// <exception cref="S3Exception">MalformedXML.</exception>
    public static DeleteRequest Parse(ReadOnlyMemory<byte> body)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("Object", "Quiet");
        bool isQuiet = string.Equals(root.AtMostOne("Quiet")?.Value.Trim(), "true", StringComparison.OrdinalIgnoreCase);
        ImmutableArray<DeleteRequestEntry> entries = [.. root.Children("Object").Select(Entry)];
        return entries.Length is > 0 and <= MaximumEntries ? new(entries, isQuiet)
            : throw new S3Exception(S3Error.MalformedXML, $"The document names {entries.Length} objects; 1 to {MaximumEntries} are possible.");
    }

    private static DeleteRequestEntry Entry(XElement element)
    {
        element.Allow("Key", "VersionId", "ETag", "LastModifiedTime", "Size");
        // White space is part of a key.
        string key = element.Child("Key")?.Value ?? throw new S3Exception(S3Error.MalformedXML, "'Object' lacks 'Key'.");
        if (key.Length == 0)
            throw new S3Exception(S3Error.MalformedXML, "'Key' is empty.");
        var condition = new WriteCondition
        {
            ETag = element.Text("ETag")?.Trim('"'),
            SizeBytes = element.Integer("Size"),
            LastModified = LastModified(element),
        };
        bool isConditional = condition != new WriteCondition();
        return new(key, element.Text("VersionId") is { Length: > 0 } version ? version : null, isConditional ? condition : null);
    }

    // The SDKs write this one as an HTTP date, the schema as ISO 8601.
    private static DateTimeOffset? LastModified(XElement element)
    {
        if (element.Text("LastModifiedTime") is not { } text)
            return null;
        return DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : element.Time("LastModifiedTime");
    }
}

/// <summary>One key or version to delete.</summary>
/// <param name="Key">The key.</param>
/// <param name="VersionId">The version; null for the key.</param>
/// <param name="Condition">What must hold; null for nothing.</param>
internal sealed record DeleteRequestEntry(string Key, string? VersionId, WriteCondition? Condition);
