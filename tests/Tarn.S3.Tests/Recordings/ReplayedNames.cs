using System.Text.RegularExpressions;

namespace Tarn.S3.Tests.Recordings;

/// <summary>
/// What a server chooses itself (upload ids, tokens, version ids, entity tags of content that the record does not hold whole), as recorded and as answered
/// now, so that later requests name the right ones.
/// </summary>
internal sealed partial class ReplayedNames
{
    private readonly Dictionary<string, string> _now = new(StringComparer.Ordinal);

    /// <summary>True when a text names something that has another name now.</summary>
    public bool Touches(string text) => _now.Keys.Any(k => text.Contains(k, StringComparison.Ordinal));

    /// <summary>The text with the names of now.</summary>
    public string Translate(string text)
    {
        foreach (var (recorded, now) in _now)
            text = text.Replace(recorded, now, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Learns from an answer.</summary>
    public void Learn(RecordedRequest recorded, Hosting.RawAnswer answer)
    {
        foreach (string header in new[] { "ETag", "x-amz-version-id", "x-amz-checksum-crc32", "x-amz-checksum-crc64nvme" })
            Learn(recorded.AnswerHeaders.FirstOrDefault(h => h.Name.Equals(header, StringComparison.OrdinalIgnoreCase)).Value, answer.Header(header));
        if (recorded.AnswerBody.ValueKind != System.Text.Json.JsonValueKind.String)
            return;
        string was = recorded.AnswerBody.GetString()!;
        foreach (var pattern in new[] { UploadId(), Token() })
            Learn(pattern.Match(was).Groups[1].Value, pattern.Match(answer.Text).Groups[1].Value);
        if (ETag().Match(was) is { Success: true } tag && was.Contains("Result", StringComparison.Ordinal) && !was.Contains("<Contents>", StringComparison.Ordinal))
            Learn(tag.Groups[1].Value, ETag().Match(answer.Text).Groups[1].Value);
    }

    private void Learn(string? recorded, string? now)
    {
        (recorded, now) = (recorded?.Trim('"'), now?.Trim('"'));
        if (recorded is { Length: > 0 } && now is { Length: > 0 } && recorded != now)
            _now[recorded] = now;
    }

    [GeneratedRegex("<UploadId>([^<]+)</UploadId>")]
    private static partial Regex UploadId();

    [GeneratedRegex("<NextContinuationToken>([^<]+)</NextContinuationToken>")]
    private static partial Regex Token();

    [GeneratedRegex("<ETag>(?:&#34;|&quot;|\")?([^<&\"]+)(?:&#34;|&quot;|\")?</ETag>")]
    private static partial Regex ETag();
}
