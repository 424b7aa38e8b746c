using Tarn.S3.Authentication;
using Tarn.S3.Errors;
using Tarn.S3.Requests;
using Tarn.S3.Tests.Requests;
using Tarn.Testing.Time;

namespace Tarn.S3.Tests.Authentication;

/// <summary>The examples of "Signature calculations for the authorization header" and "Authenticating requests: using query parameters".</summary>
public sealed class PublishedSignatureTests
{
    private const string KeyId = "AKIAIOSFODNN7EXAMPLE", Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Host = "examplebucket.s3.amazonaws.com";
    private const string Credential = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=";
    private const string Presigned = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

    private static readonly DateTimeOffset s_time = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);

    private readonly FixedTime _time = new(s_time);
    private readonly KnownKeys _keys = new(new Dictionary<string, string> { [KeyId] = Secret });

    [Theory]
    [InlineData("/test.txt", "host;range;x-amz-content-sha256;x-amz-date", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")]
    [InlineData("/?lifecycle", "host;x-amz-content-sha256;x-amz-date", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")]
    [InlineData("/?max-keys=2&prefix=J", "host;x-amz-content-sha256;x-amz-date", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")]
    public async Task Authenticate_PublishedGet_Verifies(string target, string signed, string signature)
    {
        var request = Get(target, ("Range", "bytes=0-9"), ("Authorization", $"{Credential}{signed},Signature={signature}"));
        Assert.Equal("examplebucket", request.Bucket);
        Assert.Equal(KeyId, (await AuthenticateAsync(request)).Caller!.AccessKeyId);
    }

    [Fact]
    public async Task Authenticate_PublishedPut_Verifies()
    {
        var request = RequestFactory.Create(
            "PUT", "/test$file.text",
            [
                ("Host", Host), ("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-date", "20130524T000000Z"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                ("x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"),
                ("Authorization", Credential + "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
            ],
            "s3.amazonaws.com");
        Assert.Equal(KeyId, (await AuthenticateAsync(request)).Caller!.AccessKeyId);
    }

    [Fact]
    public async Task Authenticate_PublishedPresignedUrl_VerifiesUntilItExpires()
    {
        Assert.Equal(KeyId, (await AuthenticateAsync(Get(Presigned))).Caller!.AccessKeyId);
        _time.Now = s_time.AddSeconds(86400);
        await AuthenticateAsync(Get(Presigned));
        _time.Now = s_time.AddSeconds(86401);
        await RefusedAsync("AccessDenied", Get(Presigned));
        _time.Now = s_time.AddMinutes(-16);
        await RefusedAsync("AccessDenied", Get(Presigned));
    }

    [Fact]
    public async Task Authenticate_ClockBeyondTheSkew_IsRefused()
    {
        var request = Get("/?lifecycle", ("Authorization", Credential + "host;x-amz-content-sha256;x-amz-date,Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
        _time.Now = s_time.AddMinutes(15);
        await AuthenticateAsync(request);
        _time.Now = s_time.AddMinutes(15).AddSeconds(1);
        await RefusedAsync("RequestTimeTooSkewed", request);
        _time.Now = s_time.AddMinutes(-15).AddSeconds(-1);
        await RefusedAsync("RequestTimeTooSkewed", request);
    }

    [Theory]
    [InlineData("host;x-amz-date", "AccessDenied", "x-amz-meta-a")]
    [InlineData("x-amz-date", "SignatureDoesNotMatch", null)]
    public async Task Authenticate_HeadersLeftUnsigned_IsRefused(string signed, string code, string? header)
    {
        var request = header is null ? Get("/", ("Authorization", $"{Credential}{signed},Signature=00"))
            : Get("/", (header, "1"), ("Authorization", $"{Credential}{signed},Signature=00"));
        await RefusedAsync(code, request);
    }

    [Theory]
    [InlineData("AWS4-HMAC-SHA256", "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=0", "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AK/20130524/us-east-1/ec2/aws4_request,SignedHeaders=host,Signature=0", "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AK/20130523/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=0", "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AK/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-date,Signature=0", "InvalidAccessKeyId")]
    [InlineData("AWS nocolon", "InvalidArgument")]
    [InlineData("Bearer x", "InvalidArgument")]
    public async Task Authenticate_BrokenAuthorization_IsRefusedByItsCode(string authorization, string code)
        => await RefusedAsync(code, Get("/", ("Authorization", authorization)));

    [Fact]
    public async Task Authenticate_TwoMechanisms_IsRefused()
        => await RefusedAsync("InvalidArgument", Get(Presigned, ("Authorization", "AWS4-HMAC-SHA256 Credential=a")));

    [Fact]
    public async Task Authenticate_Throttled_IsRefusedBeforeTheKeyIsLookedUp()
    {
        _keys.Refusal = TimeSpan.FromSeconds(1.5);
        var refused = await RefusedAsync("SlowDown", Get(Presigned));
        Assert.Equal("2", refused.Headers["Retry-After"]);
    }

    private ValueTask<AuthenticatedRequest> AuthenticateAsync(S3Request request)
        => new RequestAuthenticator(_keys, _time, TimeSpan.FromMinutes(15)).AuthenticateAsync(request, "1", null, default);

    private async Task<S3Exception> RefusedAsync(string code, S3Request request)
    {
        var refused = await Assert.ThrowsAsync<S3Exception>(() => AuthenticateAsync(request).AsTask());
        Assert.Equal(code, refused.Error.Code);
        return refused;
    }

    private static S3Request Get(string target, params (string Name, string Value)[] more)
    {
        (string, string)[] signing = target.Contains("X-Amz-", StringComparison.Ordinal) ? []
            : [("x-amz-date", "20130524T000000Z"), ("x-amz-content-sha256", SignatureV4.EmptyHash)];
        return RequestFactory.Create("GET", target, [("Host", Host), .. signing, .. more], "s3.amazonaws.com");
    }
}
