using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Tarn.Testing.Net;

namespace Tarn.Tests.Server;

/// <summary>An S3 service that says yes to everything, conditions included, as services do that do not know them.</summary>
internal sealed class UnconditionalStore : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<string> _methods = [];
    private readonly Task _answering;

    /// <summary>Starts to listen.</summary>
    public UnconditionalStore()
    {
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}/");
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _answering = AnswerAsync();
    }

    /// <summary>The service.</summary>
    public string Address { get; }

    /// <summary>What it was asked, in turn.</summary>
    public IReadOnlyList<string> Methods => [.. _methods];

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _answering;
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _methods.Enqueue(context.Request.HttpMethod);
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                context.Response.StatusCode = (int)(context.Request.HttpMethod == "DELETE" ? HttpStatusCode.NoContent : HttpStatusCode.OK);
                context.Response.Headers["ETag"] = "\"d41d8cd98f00b204e9800998ecf8427e\"";
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
