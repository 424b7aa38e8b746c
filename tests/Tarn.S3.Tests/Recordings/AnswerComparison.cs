using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Tarn.S3.Tests.Hosting;

namespace Tarn.S3.Tests.Recordings;

/// <summary>What an answer must have in common with the recorded one: status, error code, XML elements, and the headers that clients read.</summary>
internal static partial class AnswerComparison
{
    private static readonly string[] s_present = ["ETag", "Last-Modified", "Accept-Ranges", "x-amz-checksum-crc32", "x-amz-checksum-crc32c", "x-amz-checksum-crc64nvme", "x-amz-checksum-sha1", "x-amz-checksum-sha256", "x-amz-checksum-type", "Content-Range"];
    private static readonly string[] s_equal = ["Content-Range", "Content-Type"];

    // Elements of the reference server that the API does not have, or that are optional in it.
    private static readonly HashSet<string> s_ignored = ["BucketName", "Key@Error", "Resource", "HostId", "RequestId", "Delimiter", "StartAfter", "Owner", "ID", "DisplayName", "Region", "VersionId", "InternalVersion", "UserMetadata", "UserTags"];

    /// <summary>Every difference, in words; empty when the answers are equivalent.</summary>
    public static IEnumerable<string> Differences(RecordedRequest recorded, ReplayedRequest sent, RawAnswer answer)
    {
        if (answer.Status != recorded.Status)
        {
            yield return $"status {answer.Status}, recorded {recorded.Status}: {answer.Text}";
            yield break;
        }

        string was = recorded.AnswerBody.ValueKind == JsonValueKind.String ? recorded.AnswerBody.GetString()! : "";
        if (Code().Match(was).Value != Code().Match(answer.Text).Value)
            yield return $"code {Code().Match(answer.Text).Value}, recorded {Code().Match(was).Value}";
        foreach (string missing in Missing(was, answer.Text))
            yield return $"no element {missing} in {answer.Text}";
        foreach (string header in s_present)
        {
            if (Recorded(recorded, header) is not null && answer.Header(header) is null && recorded.Status < 300 && IsComparable(recorded, header))
                yield return $"no header {header}";
        }

        foreach (string header in s_equal)
        {
            if (recorded.Method is "GET" or "HEAD" && was.Length == 0 && recorded.Status < 300 && Recorded(recorded, header) is { } value && answer.Header(header) != value && sent.IsVerbatim && header != "Content-Type")
                yield return $"header {header} '{answer.Header(header)}', recorded '{value}'";
        }

        if (recorded.AnswerBody.ValueKind == JsonValueKind.Object && answer.Body.Length != recorded.AnswerBody.GetProperty("length").GetInt64())
            yield return $"{answer.Body.Length} bytes, recorded {recorded.AnswerBody.GetProperty("length").GetInt64()}";
    }

    // The reference server answers some writes with Accept-Ranges and Last-Modified, which mean nothing there.
    private static bool IsComparable(RecordedRequest recorded, string header)
        => recorded.Method switch
        {
            "GET" or "HEAD" => recorded.AnswerBody.ValueKind != JsonValueKind.String && recorded.Path.Trim('/').Contains('/'),
            // The answers to a completion and to a copy are in their documents.
            "POST" => false,
            _ => recorded.Header("x-amz-copy-source") is null && header is not ("Accept-Ranges" or "Last-Modified"),
        };

    private static string? Recorded(RecordedRequest recorded, string name)
        => recorded.AnswerHeaders.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static IEnumerable<string> Missing(string was, string now)
    {
        if (was.Length == 0 || !was.StartsWith('<'))
            yield break;
        var (before, after) = (Elements(was), now.Length == 0 ? [] : Elements(now));
        foreach (string element in before.Where(e => !s_ignored.Contains(e) && !after.Contains(e)))
            yield return element;
    }

    private static HashSet<string> Elements(string xml)
    {
        var root = XDocument.Parse(xml).Root!;
        string suffix = root.Name.LocalName == "Error" ? "@Error" : "";
        return [.. root.DescendantsAndSelf().Select(e => e.Name.LocalName == "Key" ? e.Name.LocalName + suffix : e.Name.LocalName)];
    }

    [GeneratedRegex("(?<=<Error><Code>)[^<]+")]
    private static partial Regex Code();
}
