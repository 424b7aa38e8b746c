using System.Globalization;
using System.Net;
using Tarn.Testing.Net;

namespace Tarn.Tests.Server;

/// <summary>A receiver of webhooks on a free port.</summary>
internal sealed class WebhookListener : IDisposable
{
    // A limit for a machine that does something else as well.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly HttpListener _listener = new();

    /// <summary>Starts to listen.</summary>
    public WebhookListener()
    {
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}/hook/");
        _listener.Prefixes.Add(Address);
        _listener.Start();
    }

    /// <summary>Where messages go.</summary>
    public string Address { get; }

    /// <summary>Waits for the next message and answers it.</summary>
    /// <param name="answer">The status of the answer.</param>
    /// <returns>The message and its signature; null for none.</returns>
    public async Task<(string Body, string? Signature)> TakeAsync(HttpStatusCode answer)
    {
        var context = await _listener.GetContextAsync().WaitAsync(s_limit);
        using var reader = new StreamReader(context.Request.InputStream);
        string body = await reader.ReadToEndAsync();
        context.Response.StatusCode = (int)answer;
        context.Response.Close();
        return (body, context.Request.Headers["X-Tarn-Signature"]);
    }

    public void Dispose() => _listener.Close();
}
