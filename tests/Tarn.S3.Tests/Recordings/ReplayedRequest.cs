using System.Globalization;
using System.Text;
using System.Text.Json;
using Tarn.S3.Authentication;
using Tarn.S3.Checksums;
using Tarn.S3.Tests.Hosting;

namespace Tarn.S3.Tests.Recordings;

/// <summary>
/// A recorded request as it is sent again: byte for byte where the record holds all of it and it names nothing that changed, else with content of the same
/// length, the names of now, and a signature of its own.
/// </summary>
internal sealed record ReplayedRequest(string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, bool IsVerbatim)
{
    private static readonly string[] s_dropped =
    [
        "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-trailer", "x-amz-decoded-content-length", "content-length",
        "transfer-encoding", "content-md5", "expect",
    ];

    public static ReplayedRequest Of(RecordedRequest recorded, ReplayedNames names, (string Id, string Secret) key, DateTimeOffset time)
    {
        string target = recorded.Path + (recorded.Query.Length == 0 ? "" : "?" + recorded.Query);
        bool isChanged = names.Touches(target) || recorded.Headers.Any(h => names.Touches(h.Value)) || names.Touches(BodyText(recorded));
        bool isOurs = recorded.Header("Authorization")?.Contains($"Credential={key.Id}/", StringComparison.Ordinal) ?? true;
        return recorded.WholeBody is { } body && !isChanged && isOurs ? new(target, [.. recorded.Headers], body, true) : Again(recorded, names, target, key, time);
    }

    /// <summary>Content that stands for what the record shows only a digest of.</summary>
    public static byte[] Content(string key, long length)
    {
        byte[] content = new byte[length];
        new Random(key.Aggregate(17, (hash, c) => unchecked((hash * 31) + c))).NextBytes(content);
        return content;
    }

    private static ReplayedRequest Again(RecordedRequest recorded, ReplayedNames names, string target, (string Id, string Secret) key, DateTimeOffset time)
    {
        target = names.Translate(target);
        bool isStandIn = recorded.WholeBody is null || recorded.AwsChunked is not null;
        byte[] body = recorded.Body.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(names.Translate(BodyText(recorded)))
            : isStandIn ? Content(recorded.Path, Length(recorded)) : recorded.WholeBody!;
        var headers = recorded.Headers.Where(h => !s_dropped.Contains(h.Name.ToLowerInvariant()) && !IsChecksum(h.Name)).Select(h => (h.Name, Value: names.Translate(h.Value))).ToList();
        headers.RemoveAll(h => h.Name.Equals("content-encoding", StringComparison.OrdinalIgnoreCase) && h.Value == "aws-chunked");
        if (body.Length > 0 && Algorithm(recorded) is { } algorithm)
        {
            using var checksum = RunningChecksum.Create(algorithm);
            checksum.Append(body);
            headers.Add((algorithm.Header, Convert.ToBase64String(checksum.Finish())));
        }

        string query = target.Contains('?') ? target[(target.IndexOf('?') + 1)..] : "";
        if (query.Contains("X-Amz-Signature", StringComparison.Ordinal) || query.Contains("AWSAccessKeyId", StringComparison.Ordinal))
            throw new NotSupportedException($"{recorded}: a presigned URL cannot be signed again");
        headers = SignedRequest.Sign(recorded.Method, target, headers, SignedRequest.Hash(body), key, time);
        headers.Add(("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture)));
        return new(target, headers, body, false);
    }

    private static bool IsChecksum(string name)
        => name.StartsWith(ChecksumAlgorithms.HeaderPrefix, StringComparison.OrdinalIgnoreCase) && ChecksumAlgorithms.TryParseHeader(name, out _)
            || name.Equals("x-amz-sdk-checksum-algorithm", StringComparison.OrdinalIgnoreCase);

    private static Storage.Buckets.ChecksumAlgorithm? Algorithm(RecordedRequest recorded)
    {
        string? trailer = recorded.Header("x-amz-trailer");
        foreach (var algorithm in ChecksumAlgorithms.All)
        {
            if (recorded.Header(algorithm.Header) is not null || algorithm.Header.Equals(trailer, StringComparison.OrdinalIgnoreCase))
                return algorithm;
        }

        return null;
    }

    private static long Length(RecordedRequest recorded)
        => long.Parse(recorded.Header("x-amz-decoded-content-length") ?? recorded.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);

    private static string BodyText(RecordedRequest recorded) => recorded.Body.ValueKind == JsonValueKind.String ? recorded.Body.GetString()! : "";

    /// <summary>When the recorded request was signed; null for one that was not.</summary>
    public static DateTimeOffset? SignedAt(RecordedRequest recorded)
    {
        if (recorded.Header("Authorization") is { } header && header.StartsWith(SignatureV4Claim.Algorithm, StringComparison.Ordinal))
            return SignatureV4Claim.FromHeader(header, recorded.Header("x-amz-date"), recorded.Header("date")).SignedAt;
        var query = S3.Requests.RequestQuery.Parse(recorded.Query);
        return query.Has("X-Amz-Signature") ? SignatureV4Claim.FromQuery(query).SignedAt : null;
    }
}
