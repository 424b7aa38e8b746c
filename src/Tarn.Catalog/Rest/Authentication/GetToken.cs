using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.Access;
using Tarn.Access.Sessions;
using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;

namespace Tarn.Catalog.Rest.Authentication;

/// <summary>
/// <c>POST /v1/oauth/tokens</c>: an access token for an access key and its secret (client credentials, in the form or as Basic), or for a token that is about
/// to end (token exchange, RFC 8693). A temporary key needs its session token beside them, in the field <c>session_token</c>. Any scope is taken: what a caller may do is decided by its policies alone.
/// </summary>
internal sealed class GetToken(RestServices services) : IRestOperation
{
    // As the key's session is called wherever S3 is; no field of OAuth2 is for it.
    private const string SessionToken = "session_token";

    private const string ClientCredentials = "client_credentials", TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string Challenge = "Basic realm=\"tarn\"";
    private const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        try
        {
            var form = RestQuery.Parse(Encoding.UTF8.GetString((await call.ReadBodyAsync(RestLimits.TokenRequestSizeBytes, cancellationToken)).Span));
            return form["grant_type"] switch
            {
                ClientCredentials => Answer(await IssueAsync(call, form, cancellationToken), form, isExchange: false),
                TokenExchange => Answer(await ExchangeAsync(call, form, cancellationToken), form, isExchange: true),
                null => Error("invalid_request", "grant_type is missing."),
                var other => Error("unsupported_grant_type", $"grant_type '{other}' is not known; there are client_credentials and token exchange."),
            };
        }
        catch (RestException refusal) when (refusal.Error == RestError.NotAuthorized)
        {
            return Error("invalid_client", refusal.Message, StatusCodes.Status401Unauthorized);
        }
        catch (RestException refusal) when (refusal.Error == RestError.BadRequest)
        {
            return Error("invalid_request", refusal.Message);
        }
    }

    private async ValueTask<BearerToken> IssueAsync(RestCall call, RestQuery form, CancellationToken cancellationToken)
    {
        string? sessionToken = form[SessionToken];
        var shown = ClientCredential.TryReadBasic(call.Request.Header("Authorization"), sessionToken) ?? new ClientCredential(form["client_id"] ?? "", form["client_secret"] ?? "", sessionToken);
        if (shown.Id.Length == 0 || shown.Secret.Length == 0)
            throw RestException.BadRequest("client_id and client_secret, an access key and its secret, must be in the form or in a Basic header.");
        var caller = await services.Authenticator.AuthenticateAsync(shown, call.Request, call.RequestId, cancellationToken);
        return await services.Tokens.IssueAsync(caller, services.Options.TokenLifetime, sessionToken, cancellationToken);
    }

    // The subject is who the new token is for. A token that has ended is renewed only with the secret beside it.
    private async ValueTask<BearerToken> ExchangeAsync(RestCall call, RestQuery form, CancellationToken cancellationToken)
    {
        // RFC 8693 §2.1; there is one kind.
        if (form["requested_token_type"] is { Length: > 0 } requested && requested != AccessTokenType)
            throw RestException.BadRequest($"requested_token_type '{requested}' is not issued; leave it out, or ask for {AccessTokenType}.");
        string subject = form["subject_token"] ?? throw RestException.BadRequest("subject_token is missing.");
        if (ClientCredential.TryReadBasic(call.Request.Header("Authorization"), form[SessionToken]) is { } basic)
        {
            var proved = await services.Authenticator.AuthenticateAsync(basic, call.Request, call.RequestId, cancellationToken);
            return await services.Tokens.IssueAsync(proved, services.Options.TokenLifetime, basic.SessionToken, cancellationToken);
        }

        var found = await services.Authenticator.FindAsync(subject, call.Request, call.RequestId, cancellationToken);
        return await services.Tokens.IssueAsync(found.Caller!, services.Options.TokenLifetime, found.SessionToken, cancellationToken);
    }

    private RestAnswer Answer(BearerToken token, RestQuery form, bool isExchange) => RestAnswer.Json(json =>
    {
        json.WriteString("access_token", token.Text);
        json.WriteString("token_type", "bearer");
        json.WriteNumber("expires_in", (long)(token.Expires - services.Time.GetUtcNow()).TotalSeconds);
        if (isExchange)
            json.WriteString("issued_token_type", AccessTokenType);
        if (form["scope"] is { } scope)
            json.WriteString("scope", scope);
    }) with { Headers = [new("Cache-Control", "no-store")] };

    // RFC 6749 §5.2.
    private static RestAnswer Error(string code, string description, int status = StatusCodes.Status400BadRequest) => RestAnswer.Json(
        json =>
        {
            json.WriteString("error", code);
            json.WriteString("error_description", description);
        },
        status) with
    {
        Headers = status == StatusCodes.Status401Unauthorized
            ? [new("Cache-Control", "no-store"), new("WWW-Authenticate", Challenge)]
            : [new("Cache-Control", "no-store")],
    };
}
