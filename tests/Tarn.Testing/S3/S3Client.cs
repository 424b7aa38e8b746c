using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;

namespace Tarn.Testing.S3;

/// <summary>What a request was answered with.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ETag">Entity tag without quotes; empty when there is none.</param>
/// <param name="Body">The whole body.</param>
public sealed record S3Reply(HttpStatusCode Status, string ETag, byte[] Body)
{
    /// <summary>The body as a document.</summary>
    public XElement Document => XElement.Load(new MemoryStream(Body));
}

/// <summary>A small S3 client for tests that send many requests at once: it signs, it does not repeat, and it hides nothing.</summary>
public sealed class S3Client : IDisposable
{
    private const int PageKeys = 1000;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });
    private readonly SignedHead _head;
    private readonly string _endpoint;

    /// <summary>Makes a client.</summary>
    /// <param name="endpoint">Host and port.</param>
    /// <param name="accessKey">Id of the key.</param>
    /// <param name="secretKey">Its secret.</param>
    /// <param name="sessionToken">Token of a temporary key; null for lasting ones.</param>
    public S3Client(string endpoint, string accessKey, string secretKey, string? sessionToken = null) => (_endpoint, _head) = (endpoint, new(accessKey, secretKey, sessionToken));

    /// <summary>Sends one request.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="target">Encoded path, and the query with its names in order.</param>
    /// <param name="body">The body; its hash is signed.</param>
    /// <param name="copySource">What is copied, as <c>x-amz-copy-source</c> has it; null for a request that copies nothing.</param>
    /// <exception cref="HttpRequestException">The connection broke: nobody knows what became of the request.</exception>
    public async Task<S3Reply> SendAsync(HttpMethod method, string target, byte[]? body = null, string? copySource = null)
    {
        var uri = new Uri($"http://{_endpoint}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method, uri);
        if (method != HttpMethod.Get)
            request.Content = new ByteArrayContent(body ?? []);
        // Some operations on many objects want one.
        if (method == HttpMethod.Post)
            request.Content!.Headers.ContentMD5 = MD5.HashData(body ?? []);
        foreach (var (name, value) in _head.Sign(method.Method, _endpoint, target, Convert.ToHexStringLower(SHA256.HashData(body ?? [])), TimeProvider.System.GetUtcNow(), copySource))
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _http.SendAsync(request);
        return new(answer.StatusCode, answer.Headers.ETag?.Tag.Trim('"') ?? "", await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Stores an object.</summary>
    public Task<S3Reply> PutAsync(string bucket, string key, byte[] body) => SendAsync(HttpMethod.Put, SignedHead.Path(bucket, key), body);

    /// <summary>Reads an object.</summary>
    public Task<S3Reply> GetAsync(string bucket, string key) => SendAsync(HttpMethod.Get, SignedHead.Path(bucket, key));

    /// <summary>Removes an object.</summary>
    public Task<S3Reply> DeleteAsync(string bucket, string key) => SendAsync(HttpMethod.Delete, SignedHead.Path(bucket, key));

    /// <summary>Stores an object in parts; stops at the first answer that is not 200 and gives that, else the answer of the completion.</summary>
    public async Task<S3Reply> PutPartsAsync(string bucket, string key, IReadOnlyList<byte[]> parts)
    {
        string path = SignedHead.Path(bucket, key);
        var created = await SendAsync(HttpMethod.Post, path + "?uploads=");
        if (created.Status != HttpStatusCode.OK)
            return created;
        string upload = Uri.EscapeDataString(Child(created.Document, "UploadId"));
        var list = new XElement("CompleteMultipartUpload");
        for (int number = 1; number <= parts.Count; number++)
        {
            var part = await SendAsync(HttpMethod.Put, string.Create(CultureInfo.InvariantCulture, $"{path}?partNumber={number}&uploadId={upload}"), parts[number - 1]);
            if (part.Status != HttpStatusCode.OK)
                return part;
            list.Add(new XElement("Part", new XElement("PartNumber", number), new XElement("ETag", part.ETag)));
        }

        var done = await SendAsync(HttpMethod.Post, $"{path}?uploadId={upload}", System.Text.Encoding.UTF8.GetBytes(list.ToString()));
        return done.Status == HttpStatusCode.OK ? done with { ETag = Child(done.Document, "ETag").Trim('"') } : done;
    }

    /// <summary>Keys, sizes and entity tags of a bucket, below a prefix.</summary>
    /// <exception cref="InvalidOperationException">The listing was refused.</exception>
    public async Task<List<(string Key, long SizeBytes, string ETag)>> ListAsync(string bucket, string prefix = "")
    {
        List<(string, long, string)> found = [];
        string? token = null;
        do
        {
            string from = token is null ? "" : $"continuation-token={Uri.EscapeDataString(token)}&";
            var page = await SendAsync(HttpMethod.Get, $"/{bucket}?{from}list-type=2&max-keys={PageKeys}&prefix={Uri.EscapeDataString(prefix)}");
            if (page.Status != HttpStatusCode.OK)
                throw new InvalidOperationException($"{page.Status}: {System.Text.Encoding.UTF8.GetString(page.Body)}");
            foreach (var entry in page.Document.Elements().Where(e => e.Name.LocalName == "Contents"))
                found.Add((Child(entry, "Key"), long.Parse(Child(entry, "Size"), CultureInfo.InvariantCulture), Child(entry, "ETag").Trim('"')));
            token = page.Document.Elements().FirstOrDefault(e => e.Name.LocalName == "NextContinuationToken")?.Value;
        }
        while (token is not null);
        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Child(XElement parent, string name) => parent.Elements().First(e => e.Name.LocalName == name).Value;
}
