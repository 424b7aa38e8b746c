using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Tests.Recordings;

/// <summary>
/// What must be there before a scenario begins: recordings start in the middle of a server's life, so whatever a scenario reads, copies or lists before it
/// writes it, is put there with its recorded length.
/// </summary>
internal sealed partial class ReplayState
{
    private readonly Dictionary<(string Bucket, string Key), long> _needed = [];
    private readonly HashSet<(string Bucket, string Key)> _made = [];
    private readonly HashSet<string> _buckets = [];

    /// <summary>Reads a scenario.</summary>
    public static ReplayState Of(IReadOnlyList<RecordedRequest> scenario)
    {
        var state = new ReplayState();
        foreach (var recorded in scenario)
            state.Read(recorded);
        return state;
    }

    /// <summary>Puts it there.</summary>
    public async Task PrepareAsync(IBucketStore store, string owner)
    {
        foreach (string bucket in _buckets)
        {
            if (await store.FindBucketAsync(bucket) is null)
                await store.CreateBucketAsync(new(bucket, default) { Owner = owner });
        }

        foreach (var ((bucket, key), length) in _needed)
        {
            byte[] content = ReplayedRequest.Content(key, length);
            using var write = await store.BeginWriteAsync(bucket, length);
            await write.WriteAsync(content);
            string tag = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(content));
            await store.CommitAsync(write, new(key) { ETag = tag, Owner = owner });
        }
    }

    private void Read(RecordedRequest recorded)
    {
        var address = S3Address.Resolve(RequestTarget.Parse(recorded.Path).Path, "", []);
        if (address.Bucket.Length == 0 || recorded.Status is 0 or >= 400)
            return;
        if (address.Level == AddressLevel.Bucket && recorded is { Method: "PUT", Query: "" })
        {
            _made.Add((address.Bucket, ""));
            return;
        }

        if (!_made.Contains((address.Bucket, "")))
            _buckets.Add(address.Bucket);
        switch (recorded.Method)
        {
            case "GET" or "HEAD" when address.Level == AddressLevel.Object && !recorded.Query.Contains("uploadId", StringComparison.Ordinal):
                Need(address.Bucket, address.Key, Size(recorded));
                break;
            case "GET" when recorded.AnswerBody.ValueKind == JsonValueKind.String:
                ReadListing(address.Bucket, recorded);
                break;
            case "PUT" or "POST" when address.Level == AddressLevel.Object:
                if (recorded.Header("x-amz-copy-source") is { } source)
                    NeedSource(source);
                _made.Add((address.Bucket, address.Key));
                break;
            default:
                break;
        }
    }

    private void ReadListing(string bucket, RecordedRequest recorded)
    {
        string xml = recorded.AnswerBody.GetString()!;
        bool isEncoded = xml.Contains("<EncodingType>url", StringComparison.Ordinal);
        foreach (Match entry in Contents().Matches(xml))
            Need(bucket, Decoded(entry.Groups["key"].Value, isEncoded), long.Parse(entry.Groups["size"].Value, CultureInfo.InvariantCulture));
        foreach (Match entry in CommonPrefix().Matches(xml))
            NeedBelow(bucket, Decoded(entry.Groups["prefix"].Value, isEncoded));
    }

    private static string Decoded(string key, bool isEncoded)
    {
        key = System.Net.WebUtility.HtmlDecode(key);
        return isEncoded ? Uri.UnescapeDataString(key.Replace("+", "%20", StringComparison.Ordinal)) : key;
    }

    // Something below a prefix that was shown as rolled up.
    private void NeedBelow(string bucket, string prefix)
    {
        if (!_needed.Keys.Concat(_made).Any(k => k.Bucket == bucket && k.Key.StartsWith(prefix, StringComparison.Ordinal)))
            Need(bucket, prefix + "something", 1);
    }

    private void NeedSource(string source)
    {
        var address = S3Address.Resolve("/" + Uri.UnescapeDataString(source.Split('?')[0]).TrimStart('/'), "", []);
        if (!_made.Contains((address.Bucket, "")))
            _buckets.Add(address.Bucket);
        Need(address.Bucket, address.Key, _needed.GetValueOrDefault((address.Bucket, address.Key)));
    }

    private void Need(string bucket, string key, long size)
    {
        if (!_made.Contains((bucket, key)))
            _needed.TryAdd((bucket, key), size);
    }

    private static long Size(RecordedRequest recorded)
    {
        string Answer(string name) => recorded.AnswerHeaders.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";
        string range = Answer("Content-Range"), length = Answer("Content-Length");
        return long.TryParse(range.Length > 0 ? range[(range.IndexOf('/') + 1)..] : length, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : 0;
    }

    [GeneratedRegex("<CommonPrefixes><Prefix>(?<prefix>.*?)</Prefix></CommonPrefixes>")]
    private static partial Regex CommonPrefix();

    [GeneratedRegex("<Contents>.*?<Key>(?<key>.*?)</Key>.*?<Size>(?<size>\\d+)</Size>.*?</Contents>", RegexOptions.Singleline)]
    private static partial Regex Contents();
}
