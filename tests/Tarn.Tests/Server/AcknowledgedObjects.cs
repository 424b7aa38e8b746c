using System.Collections.Concurrent;
using System.Security.Cryptography;
using Tarn.Testing.S3;

namespace Tarn.Tests.Server;

/// <summary>
/// What one client did to its keys, and what may therefore be found under them: what was acknowledged last, or what was asked for when the server died.
/// </summary>
/// <param name="client">Number of the client; its keys are its own.</param>
/// <param name="random">Its choices.</param>
internal sealed class AcknowledgedObjects(int client, Random random)
{
    public const string Bucket = "load";
    private const int Keys = 6, PartBytes = 5 * 1024 * 1024, SmallBytes = 3000, MiddleBytes = 400_000;

    // One content in the list is certain; more of them when an answer never came. Null stands for no object.
    private readonly Dictionary<string, List<Content?>> _possible = [];
    private readonly HashSet<string> _touched = [];

    /// <summary>Everything that may be found, by key.</summary>
    public IReadOnlyDictionary<string, List<Content?>> Possible => _possible;

    /// <summary>Does one random thing.</summary>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    public async Task DoAsync(S3Client s3)
    {
        string key = $"c{client:00}/{random.Next(Keys)}/k";
        var possible = _possible.TryGetValue(key, out var known) ? known : _possible[key] = [null];
        _touched.Add(key);
        var content = Draw();
        possible.Add(content);
        var reply = content switch
        {
            null => await s3.DeleteAsync(Bucket, key),
            { IsMultipart: false } => await s3.PutAsync(Bucket, key, content.Bytes),
            _ => await s3.PutPartsAsync(Bucket, key, content.Parts),
        };
        Assert.True((int)reply.Status == (content is null ? 204 : 200), $"{key}: {reply.Status} {System.Text.Encoding.UTF8.GetString(reply.Body)}");
        if (content is not null)
            Assert.Equal(content.ETag, reply.ETag);
        possible.RemoveRange(0, possible.Count - 1);
    }

    /// <summary>Compares with what the server gives; afterwards that is what is certain.</summary>
    /// <param name="s3">The server.</param>
    /// <param name="listed">Entity tags of all objects by key; what is compared is taken out.</param>
    /// <param name="readsAll">Whether objects are read again that nobody touched since the last comparison.</param>
    public async Task VerifyAsync(S3Client s3, ConcurrentDictionary<string, string> listed, bool readsAll)
    {
        foreach (var (key, possible) in _possible)
        {
            if (readsAll || _touched.Contains(key))
                await ReadAsync(s3, key, possible);
            Assert.Equal(possible[0] is null, !listed.TryRemove(key, out string? eTag));
            Assert.Equal(possible[0]?.ETag, eTag);
        }

        _touched.Clear();
    }

    private static async Task ReadAsync(S3Client s3, string key, List<Content?> possible)
    {
        var reply = await s3.GetAsync(Bucket, key);
        bool isMissing = reply.Status == System.Net.HttpStatusCode.NotFound;
        Assert.True(isMissing || reply.Status == System.Net.HttpStatusCode.OK, $"{key}: {reply.Status}");
        int found = possible.FindIndex(c => isMissing ? c is null : c is not null && c.Bytes.AsSpan().SequenceEqual(reply.Body));
        Assert.True(found >= 0, $"{key}: {(isMissing ? "is missing" : $"has {reply.Body.Length} bytes nobody put there whole")}; possible: {string.Join(", ", possible.Select(c => c?.Bytes.Length.ToString() ?? "nothing"))}");
        Assert.Equal(possible[found]?.ETag, isMissing ? null : reply.ETag);
        (possible[0], int rest) = (possible[found], possible.Count - 1);
        possible.RemoveRange(1, rest);
    }

    private Content? Draw() => random.Next(100) switch
    {
        < 20 => null,
        < 80 => Content.Draw(random, isMultipart: false, random.Next(SmallBytes)),
        < 90 => Content.Draw(random, isMultipart: false, random.Next(MiddleBytes)),
        < 98 => Content.Draw(random, isMultipart: true, random.Next(SmallBytes)),
        _ => Content.Draw(random, isMultipart: true, PartBytes, random.Next(SmallBytes)),
    };

    /// <summary>Bytes that were put, and the entity tag that the protocol gives them: their MD5, or that of the MD5s of the parts with their number.</summary>
    internal sealed record Content(IReadOnlyList<byte[]> Parts, bool IsMultipart)
    {
        public byte[] Bytes { get; } = Parts.SelectMany(p => p).ToArray();

        public string ETag { get; } = IsMultipart
            ? $"{Convert.ToHexStringLower(MD5.HashData(Parts.SelectMany(MD5.HashData).ToArray()))}-{Parts.Count}"
            : Convert.ToHexStringLower(MD5.HashData(Parts[0]));

        public static Content Draw(Random random, bool isMultipart, params int[] sizes)
        {
            var parts = sizes.Select(size => new byte[size]).ToArray();
            foreach (byte[] part in parts)
                random.NextBytes(part);
            return new(parts, isMultipart);
        }
    }
}
