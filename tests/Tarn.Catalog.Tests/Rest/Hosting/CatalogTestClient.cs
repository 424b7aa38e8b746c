using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tarn.Catalog.Tests.Rest.Hosting;

/// <summary>Sends requests as they are written, and keeps what came back.</summary>
internal sealed class CatalogTestClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };

    /// <summary>The access token; null sends none.</summary>
    public string? Token { get; set; }

    /// <summary>Gets an access token for a key.</summary>
    public async Task LogInAsync(string accessKey, string secret)
    {
        var answer = await SendAsync("POST", "/v1/oauth/tokens", $"grant_type=client_credentials&client_id={Uri.EscapeDataString(accessKey)}&client_secret={Uri.EscapeDataString(secret)}&scope=catalog");
        Token = answer.Require(200).GetProperty("access_token").GetString();
    }

    public Task<CatalogTestAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<CatalogTestAnswer> HeadAsync(string path) => SendAsync("HEAD", path);

    public Task<CatalogTestAnswer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync("DELETE", path, null, headers);

    public Task<CatalogTestAnswer> PostAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, headers);

    /// <summary>Sends a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Path and query, exactly as they go on the wire.</param>
    /// <param name="body">JSON, or a form for the token endpoint.</param>
    /// <param name="headers">Further headers.</param>
    public async Task<CatalogTestAnswer> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        // What is encoded stays as it is written: an encoded dot is not a dot here.
        var target = new Uri($"http://{address.Authority}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (Token is not null && headers.All(h => h.Name != "Authorization"))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, path.EndsWith("/tokens", StringComparison.Ordinal) ? "application/x-www-form-urlencoded" : "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request);
        return new CatalogTestAnswer(
            (int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.TryGetValues("ETag", out var tags) ? tags.Single() : null,
            response.Headers.RetryAfter?.ToString()) { RequestId = response.Headers.TryGetValues("X-Request-ID", out var ids) ? ids.Single() : null, Challenge = response.Headers.WwwAuthenticate.SingleOrDefault()?.ToString() };
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>An answer.</summary>
internal sealed record CatalogTestAnswer(int Status, string Body, string? EntityTag, string? RetryAfter)
{
    /// <summary>Id of the request, as in the audit trail.</summary>
    public string? RequestId { get; init; }

    /// <summary>How a client is to show who it is; null when the answer does not say.</summary>
    public string? Challenge { get; init; }

    /// <summary>The body as JSON.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
    }

    /// <summary><c>type</c> of the error; empty when it is none.</summary>
    public string ErrorType => Status < 400 || Body.Length == 0 ? "" : Json.GetProperty("error").GetProperty("type").GetString()!;

    /// <summary><c>message</c> of the error.</summary>
    public string ErrorMessage => Json.GetProperty("error").GetProperty("message").GetString()!;

    /// <summary>The body of an answer that must have a status.</summary>
    public JsonElement Require(int status)
    {
        Assert.True(status == Status, $"{Status} instead of {status}: {Body}");
        return Body.Length == 0 ? default : Json;
    }

    /// <summary>Checks that the answer is an error.</summary>
    public void RequireError(int status, string type)
    {
        Assert.True((status, type) == (Status, ErrorType), $"{Status} {ErrorType} instead of {status} {type}: {Body}");
        Assert.Equal(status, Json.GetProperty("error").GetProperty("code").GetInt32());
    }
}
