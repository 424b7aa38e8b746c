using System.Net.Http.Headers;
using Tarn.Core.Errors;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>The connection to one catalog: the handshake once, then requests with the token of the moment.</summary>
internal sealed class RestSession(HttpClient http, RestCatalogOptions options, TimeProvider time, Random random) : IDisposable
{
    private readonly SemaphoreSlim _handshake = new(1);
    private readonly RestTransport _transport = new(http, time, random);
    private readonly RestToken _token = new(new RestTransport(http, time, random), options, time);
    private RestConfig? _config;

    /// <summary>What the server says of itself; asked for once.</summary>
    public async ValueTask<RestConfig> ConfigAsync(CancellationToken cancellationToken)
    {
        if (_config is { } known)
            return known;
        await _handshake.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _config ??= await HandshakeAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _handshake.Release();
        }
    }

    /// <summary>Sends a request; its path is meant below the prefix.</summary>
    /// <exception cref="TarnException">As <see cref="RestTransport.SendAsync"/>.</exception>
    public async ValueTask<RestReply> SendAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var config = await ConfigAsync(cancellationToken).ConfigureAwait(false);
        if (!request.IsRead && config.KnowsIdempotencyKeys)
            request = request with { IdempotencyKey = Guid.CreateVersion7(time.GetUtcNow()).ToString() };
        return await SendAsync(request, RestAddress.Of(config.Uri, $"v1/{config.Prefix}{request.Path}"), cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="TarnException">Unsupported when the server does not have the endpoint.</exception>
    public async ValueTask RequireAsync(string endpoint, string purpose, CancellationToken cancellationToken)
    {
        if (!await HasAsync(endpoint, cancellationToken).ConfigureAwait(false))
            throw TarnException.Unsupported($"The catalog at {options.Uri} cannot {purpose}: it does not offer '{endpoint}'.");
    }

    /// <summary>Whether the server has the endpoint.</summary>
    public async ValueTask<bool> HasAsync(string endpoint, CancellationToken cancellationToken) =>
        (await ConfigAsync(cancellationToken).ConfigureAwait(false)).Endpoints.Contains(endpoint);

    /// <inheritdoc/>
    public void Dispose()
    {
        _token.Dispose();
        _handshake.Dispose();
    }

    private async ValueTask<RestConfig> HandshakeAsync(CancellationToken cancellationToken)
    {
        string query = options.Warehouse is { } warehouse ? "?warehouse=" + Uri.EscapeDataString(warehouse) : "";
        var request = new RestRequest(HttpMethod.Get, "config" + query, "say how it is configured");
        var reply = await SendAsync(request, RestAddress.Of(options.Uri, "v1/" + request.Path), cancellationToken).ConfigureAwait(false);
        return reply.Require().Read(json => RestConfig.Read(json, options.Uri));
    }

    private async ValueTask<RestReply> SendAsync(RestRequest request, Uri address, CancellationToken cancellationToken)
    {
        string? token = await _token.GetAsync(cancellationToken).ConfigureAwait(false);
        var reply = await _transport.SendAsync(request, () => Message(request, address, token), cancellationToken).ConfigureAwait(false);
        if (reply.Status is not (401 or 419) || !_token.IsRenewable || reply.Request.Attempts == RestLimits.Attempts)
            return reply.Settled();
        // Who is not known has changed nothing, with this attempt: the request goes out again with another token.
        _token.Refuse(token);
        try
        {
            token = await _token.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (reply.Request.Unknown is not null && error is (TarnException or OperationCanceledException))
        {
            throw RestErrorMapping.StillUnknown(error, reply.Request.Unknown);
        }

        return (await _transport.SendAsync(reply.Request, () => Message(request, address, token), cancellationToken).ConfigureAwait(false)).Settled();
    }

    private static HttpRequestMessage Message(RestRequest request, Uri address, string? token)
    {
        var message = new HttpRequestMessage(request.Method, address);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (token is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (request.IfNoneMatch is { } known)
            message.Headers.TryAddWithoutValidation("If-None-Match", known);
        if (request.IdempotencyKey is { } key)
            message.Headers.Add("Idempotency-Key", key);
        if (request.Body is { } body)
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return message;
    }
}
