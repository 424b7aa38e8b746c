using System.Text.Json;
using Tarn.Core.Errors;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>The bearer token of requests: a fixed one, or one that is asked for with client credentials (RFC 6749 §4.4) and renewed before it ends.</summary>
internal sealed class RestToken(RestTransport transport, RestCatalogOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private string? _token;
    private DateTimeOffset _renewTime = DateTimeOffset.MaxValue;

    /// <summary>Whether another token can be asked for when this one is refused.</summary>
    public bool IsRenewable => options.Credential is not null;

    /// <summary>The token, or null when the catalog is used without proof.</summary>
    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (!IsRenewable)
            return options.Token;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_token is null || time.GetUtcNow() >= _renewTime)
                await RenewAsync(cancellationToken).ConfigureAwait(false);
            return _token;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Says that a token was refused: the next request asks for another one.</summary>
    public void Refuse(string? refused) => Interlocked.CompareExchange(ref _token, null, refused);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async ValueTask RenewAsync(CancellationToken cancellationToken)
    {
        // Asking twice gives two tokens and changes nothing else.
        var request = new RestRequest(HttpMethod.Post, "", "give an access token") { IsRead = true };
        var server = options.OAuth2ServerUri ?? RestAddress.Of(options.Uri, "v1/oauth/tokens");
        var reply = (await transport.SendAsync(request, () => new HttpRequestMessage(request.Method, server) { Content = Form() }, cancellationToken).ConfigureAwait(false)).Require();
        (_token, var lifetime) = reply.Read(json => (
            json.GetProperty("access_token").GetString() ?? throw new JsonException("access_token is null"),
            json.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt64(out long number) && number > 0 ? TimeSpan.FromSeconds(Math.Min(number, int.MaxValue)) : (TimeSpan?)null));
        _renewTime = lifetime is { } known ? time.GetUtcNow() + RenewedAfter(known) : DateTimeOffset.MaxValue;
    }

    private static TimeSpan RenewedAfter(TimeSpan lifetime)
    {
        var early = lifetime - RestLimits.TokenMargin;
        return early > lifetime * 0.9 ? early : lifetime * 0.9;
    }

    private FormUrlEncodedContent Form()
    {
        string credential = options.Credential!;
        int colon = credential.IndexOf(':', StringComparison.Ordinal);
        List<KeyValuePair<string, string>> fields = [new("grant_type", "client_credentials"), new("client_secret", credential[(colon + 1)..]), new("scope", options.Scope)];
        if (colon >= 0)
            fields.Insert(1, new("client_id", credential[..colon]));
        return new FormUrlEncodedContent(fields);
    }
}
