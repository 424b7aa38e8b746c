using System.Text;
using Tarn.Access.Administration;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Requests;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Testing.Time;

namespace Tarn.Catalog.Tests.Rest.Authentication;

public sealed class GetTokenTests
{
    private const string Exchange = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&subject_token=";

    [Fact]
    public async Task ClientCredentials_InTheFormOrAsBasicWithAnyScope_GiveATokenThatWorks()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = server.ConnectAnonymously();
        var form = await client.PostAsync("/v1/oauth/tokens", $"grant_type=client_credentials&client_id={CatalogTestServer.AccessKey}&client_secret={CatalogTestServer.Secret}&scope=catalog");
        var basic = await client.PostAsync("/v1/oauth/tokens", "grant_type=client_credentials&scope=PRINCIPAL_ROLE%3AALL", ("Authorization", Basic(CatalogTestServer.AccessKey, CatalogTestServer.Secret)));
        foreach (var answer in new[] { form, basic })
        {
            var token = answer.Require(200);
            Assert.Equal("bearer", token.GetProperty("token_type").GetString());
            Assert.InRange(token.GetProperty("expires_in").GetInt64(), 3500, 3600);
            client.Token = token.GetProperty("access_token").GetString();
            (await client.GetAsync("/v1/config")).Require(200);
        }

        Assert.Equal("PRINCIPAL_ROLE:ALL", basic.Json.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("grant_type=client_credentials&client_id=tarnroot&client_secret=wrong", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&client_id=nobody&client_secret=wrong", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials", 400, "invalid_request")]
    [InlineData("grant_type=password&username=a&password=b", 400, "unsupported_grant_type")]
    [InlineData("", 400, "invalid_request")]
    [InlineData("grant_type=%zz", 400, "invalid_request")]
    [InlineData(Exchange + "A1nonsense", 401, "invalid_client")]
    [InlineData("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange", 400, "invalid_request")]
    [InlineData(Exchange + "A1nonsense&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Asaml2", 400, "invalid_request")]
    public async Task GetToken_WrongRequest_IsAnOAuthError(string form, int status, string error)
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = server.ConnectAnonymously();
        var answer = await client.PostAsync("/v1/oauth/tokens", form);
        Assert.Equal(error, answer.Require(status).GetProperty("error").GetString());
        Assert.Equal(status == 401 ? "Basic realm=\"tarn\"" : null, answer.Challenge);
    }

    [Fact]
    public async Task Token_PastItsLifetime_IsRefusedAndCanBeRenewedBefore()
    {
        var time = new ManualTimeProvider();
        await using var server = await CatalogTestServer.StartAsync(time: time);
        using var client = await server.ConnectAsync();
        time.Advance(TimeSpan.FromMinutes(50));
        var renewed = (await client.PostAsync("/v1/oauth/tokens", Exchange + client.Token)).Require(200);
        Assert.Equal("urn:ietf:params:oauth:token-type:access_token", renewed.GetProperty("issued_token_type").GetString());
        time.Advance(TimeSpan.FromMinutes(20));
        (await client.GetAsync("/v1/config")).RequireError(401, "NotAuthorizedException");
        (await client.PostAsync("/v1/oauth/tokens", Exchange + client.Token)).Require(401);
        client.Token = renewed.GetProperty("access_token").GetString();
        (await client.GetAsync("/v1/config")).Require(200);
    }

    [Fact]
    public async Task Token_OfADisabledKey_IsRefused()
    {
        await using var server = await CatalogTestServer.StartAsync();
        await server.Administration.CreateUserAsync(new NewUser("ada", Policies: ["readwrite"]));
        var key = await server.Administration.CreateKeyAsync(new KeyRequest("ada"));
        using var client = await server.ConnectAsync(key.Id, key.Secret);
        (await client.GetAsync("/v1/namespaces")).Require(200);
        await server.Administration.DeleteKeyAsync(key.Id);
        (await client.GetAsync("/v1/namespaces")).RequireError(401, "NotAuthorizedException");
    }

    [Fact]
    public async Task Requests_WithBasic_AreInTheNameOfTheHolder()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = server.ConnectAnonymously();
        (await client.GetAsync("/v1/namespaces", ("Authorization", Basic(CatalogTestServer.AccessKey, CatalogTestServer.Secret)))).Require(200);
        (await client.GetAsync("/v1/namespaces", ("Authorization", Basic(CatalogTestServer.AccessKey, "wrong")))).RequireError(401, "NotAuthorizedException");
    }

    // It stands in presigned URLs, so it proves nothing about the secret.
    [Fact]
    public async Task Requests_WithASessionTokenAlone_AreRefused()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = server.ConnectAnonymously();
        var caller = (await server.Access.Control.FindAccessKeyAsync(CatalogTestServer.AccessKey)).Credential!.Caller;
        var session = await server.Access.Tokens.GetSessionTokenAsync(caller);
        client.Token = session.SessionToken;
        (await client.GetAsync("/v1/namespaces")).RequireError(401, "NotAuthorizedException");
        Assert.Equal(401, (await client.PostAsync("/v1/oauth/tokens", Exchange + session.SessionToken)).Status);
    }

    [Fact]
    public async Task ClientCredentials_OfATemporaryKey_GiveATokenThatEndsWithItsSession()
    {
        var time = new ManualTimeProvider();
        await using var server = await CatalogTestServer.StartAsync(time: time);
        using var client = server.ConnectAnonymously();
        await server.Administration.CreateUserAsync(new NewUser("ada", Policies: ["readonly"]));
        var key = await server.Administration.CreateKeyAsync(new KeyRequest("ada"));
        var ada = (await server.Access.Control.FindAccessKeyAsync(key.Id)).Credential!.Caller;
        var session = await server.Access.Tokens.GetSessionTokenAsync(ada, TimeSpan.FromMinutes(30));
        string form = $"grant_type=client_credentials&session_token={Uri.EscapeDataString(session.SessionToken)}";
        string credential = $"&client_id={session.AccessKeyId}&client_secret={Uri.EscapeDataString(session.SecretAccessKey)}";
        var inForm = (await client.PostAsync("/v1/oauth/tokens", form + credential)).Require(200);
        var asBasic = (await client.PostAsync("/v1/oauth/tokens", form, ("Authorization", Basic(session.AccessKeyId, session.SecretAccessKey)))).Require(200);
        foreach (var token in new[] { inForm, asBasic })
        {
            Assert.InRange(token.GetProperty("expires_in").GetInt64(), 1790, 1800);
            client.Token = token.GetProperty("access_token").GetString();
            (await client.GetAsync("/v1/namespaces")).Require(200);
            (await client.PostAsync("/v1/namespaces", """{"namespace":["n"]}""")).RequireError(403, "ForbiddenException");
        }

        // Renewed, it is not good for longer.
        time.Advance(TimeSpan.FromMinutes(20));
        client.Token = (await client.PostAsync("/v1/oauth/tokens", Exchange + client.Token)).Require(200).GetProperty("access_token").GetString();
        (await client.GetAsync("/v1/namespaces")).Require(200);
        time.Advance(TimeSpan.FromMinutes(11));
        (await client.GetAsync("/v1/namespaces")).RequireError(401, "NotAuthorizedException");
        Assert.Equal(401, (await client.PostAsync("/v1/oauth/tokens", form + credential)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&session_token=")]
    [InlineData("&session_token=S1nonsense")]
    [InlineData("&session_token=OTHER")]
    public async Task ClientCredentials_OfATemporaryKeyWithoutItsSession_AreRefused(string field)
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = server.ConnectAnonymously();
        var root = (await server.Access.Control.FindAccessKeyAsync(CatalogTestServer.AccessKey)).Credential!.Caller;
        var session = await server.Access.Tokens.GetSessionTokenAsync(root);
        string other = (await server.Access.Tokens.GetSessionTokenAsync(root)).SessionToken;
        string form = $"grant_type=client_credentials&client_id={session.AccessKeyId}&client_secret={Uri.EscapeDataString(session.SecretAccessKey)}{field.Replace("OTHER", Uri.EscapeDataString(other), StringComparison.Ordinal)}";
        Assert.Equal("invalid_client", (await client.PostAsync("/v1/oauth/tokens", form)).Require(401).GetProperty("error").GetString());
        string wrong = $"grant_type=client_credentials&client_id={session.AccessKeyId}&client_secret=wrong&session_token={Uri.EscapeDataString(session.SessionToken)}";
        Assert.Equal(401, (await client.PostAsync("/v1/oauth/tokens", wrong)).Status);
    }

    // They open files and nothing else.
    [Fact]
    public async Task ClientCredentials_OfKeysForFiles_GiveNoToken()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = server.ConnectAnonymously();
        var root = (await server.Access.Control.FindAccessKeyAsync(CatalogTestServer.AccessKey)).Credential!.Caller;
        var vended = await server.Access.Tokens.DelegateAsync(root, new("catalog", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::lake/a/*"} }""", TimeSpan.FromHours(1), "a table"));
        string form = $"grant_type=client_credentials&client_id={vended.AccessKeyId}&client_secret={Uri.EscapeDataString(vended.SecretAccessKey)}&session_token={Uri.EscapeDataString(vended.SessionToken)}";
        (await client.PostAsync("/v1/oauth/tokens", form)).RequireError(403, "ForbiddenException");
    }

    // RFC 6749 §2.3.1 encodes both parts; clients of Iceberg do not. RFC 7617 leaves them as they are.
    [Theory]
    [InlineData("a%2Fb+c:d", "a%2Fb+c:d", 200)]
    [InlineData("a%2Fb+c:d", "a%252Fb%2Bc%3Ad", 200)]
    [InlineData("a/b c:d", "a%2Fb+c%3ad", 200)]
    [InlineData("a%zz+", "a%zz+", 200)]
    [InlineData("a%2Fb", "a%2fb", 401)]
    [InlineData("a%2Fb", "a/b", 401)]
    public async Task Basic_EncodedOrNot_IsUnderstood(string secret, string sent, int status)
    {
        await using var server = await CatalogTestServer.StartAsync(root: new RootCredential("tarn root", secret + "-long-enough"));
        using var client = server.ConnectAnonymously();
        foreach (string id in status == 200 && sent != secret ? new[] { "tarn+root", "tarn%20root" } : ["tarn root"])
            Assert.Equal(status, (await client.PostAsync("/v1/oauth/tokens", "grant_type=client_credentials", ("Authorization", Basic(id, sent + "-long-enough")))).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer None")]
    [InlineData("Bearer ")]
    public async Task Requests_WithoutIdentity_AreRefusedAsSuch(string? authorization)
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = server.ConnectAnonymously();
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];
        var refused = await client.GetAsync("/v1/config", headers);
        refused.RequireError(401, "NotAuthorizedException");
        Assert.Equal("Bearer realm=\"tarn\"", refused.Challenge);
        (await client.GetAsync("/v1/namespaces", headers)).RequireError(401, "NotAuthorizedException");
        (await client.GetAsync("/v1/nowhere/namespaces", headers)).RequireError(401, "NotAuthorizedException");
        (await client.PostAsync("/v1/namespaces", "no JSON", [("Idempotency-Key", "no key"), .. headers])).RequireError(401, "NotAuthorizedException");
    }

    [Fact]
    public async Task Requests_ForATokenThatAreLong_AreRefused()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = server.ConnectAnonymously();
        (await client.PostAsync("/v1/oauth/tokens", "grant_type=" + new string('x', RestLimits.TokenRequestSizeBytes))).RequireError(413, RestError.PayloadTooLarge.Type);
    }

    [Fact]
    public async Task ClientCredentials_WrongTooOften_HaveToWait()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = server.ConnectAnonymously();
        CatalogTestAnswer? last = null;
        for (int i = 0; i < 1000 && last?.Status != 429; i++)
            last = await client.PostAsync("/v1/oauth/tokens", "grant_type=client_credentials&client_id=tarnroot&client_secret=wrong" + i);
        last!.RequireError(429, "TooManyRequestsException");
        Assert.NotNull(last.RetryAfter);
    }

    private static string Basic(string id, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));
}
