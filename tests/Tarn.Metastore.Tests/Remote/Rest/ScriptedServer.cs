using System.Net;
using System.Text;

namespace Tarn.Metastore.Tests.Remote.Rest;

/// <summary>Answers each request with the next line of a script, and keeps what was asked.</summary>
internal sealed class ScriptedServer : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _script = new();

    /// <summary>Method, path with query, and headers of every request after the handshake.</summary>
    public List<ScriptedRequest> Requests { get; } = [];

    /// <summary>The answer to the handshake.</summary>
    public string Config { get; set; } = """{ "defaults": {}, "overrides": {} }""";

    public ScriptedServer Then(int status, string body = "", params (string Name, string Value)[] headers)
    {
        _script.Enqueue(() =>
        {
            var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            foreach (var (name, value) in headers)
                response.Headers.TryAddWithoutValidation(name, value);
            return response;
        });
        return this;
    }

    /// <summary>The wait for the next answer is cancelled.</summary>
    public ScriptedServer ThenCancel(CancellationTokenSource source)
    {
        _script.Enqueue(() =>
        {
            source.Cancel();
            throw new OperationCanceledException(source.Token);
        });
        return this;
    }

    /// <summary>The next request fails on the way.</summary>
    public ScriptedServer ThenFail(HttpRequestError error, Action? meanwhile = null)
    {
        _script.Enqueue(() =>
        {
            meanwhile?.Invoke();
            throw new HttpRequestException(error, "cut off");
        });
        return this;
    }

    /// <summary>As <see cref="Then"/> with the error model.</summary>
    public ScriptedServer ThenError(int status, string type, string message = "no") =>
        Then(status, $$"""{ "error": { "message": "{{message}}", "type": "{{type}}", "code": {{status}} } }""");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string path = request.RequestUri!.PathAndQuery;
        if (path.StartsWith("/v1/config", StringComparison.Ordinal))
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Config) };
        string? body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : null;
        Requests.Add(new ScriptedRequest($"{request.Method} {path}", body, request.Headers.ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase)));
        return _script.TryDequeue(out var next) ? next() : throw new InvalidOperationException($"The script has no answer to {request.Method} {path}.");
    }
}

/// <summary>A request as it went out.</summary>
internal sealed record ScriptedRequest(string Line, string? Body, IReadOnlyDictionary<string, string> Headers);
