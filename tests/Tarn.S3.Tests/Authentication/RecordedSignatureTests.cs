using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tarn.S3.Authentication;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;
using Tarn.S3.Tests.Recordings;
using Tarn.S3.Tests.Requests;
using Tarn.Testing.Time;

namespace Tarn.S3.Tests.Authentication;

/// <summary>Every recorded request of a real client is a test vector: its signatures are right as they are and wrong when anything signed is changed.</summary>
public sealed class RecordedSignatureTests
{
    private static readonly Dictionary<string, int> s_expected = new()
    {
        ["header"] = 959,
        ["header, chunks"] = 67,
        ["header, chunks, trailer"] = 178,
        ["no SigV4"] = 2,
        ["unknown key"] = 1,
    };

    private readonly IReadOnlyDictionary<string, string> _keys = RecordedRequest.Keys();

    [Fact]
    public async Task Authenticate_RecordedRequests_AllVerify()
    {
        var requests = RecordedRequest.All();
        if (requests.Count == 0)
            return;
        Dictionary<string, int> counts = [];
        foreach (var recorded in requests)
        {
            string what = await CheckAsync(recorded);
            counts[what] = counts.GetValueOrDefault(what) + 1;
        }

        Assert.Equal(s_expected.OrderBy(p => p.Key), counts.OrderBy(p => p.Key));
    }

    [Fact]
    public async Task Authenticate_RecordedRequestsWithAChange_AllFail()
    {
        foreach (var recorded in RecordedRequest.All().Where(IsSigned))
        {
            await Refused(recorded, Read(recorded, path: recorded.Path + "x"));
            await Refused(recorded, Read(recorded, query: recorded.Query + "&x=1"));
            await Refused(recorded, Read(recorded, method: "PATCH"));
        }
    }

    [Fact]
    public async Task Authenticate_RecordedPresignedUrlOfVersion2_VerifiesUntilItExpires()
    {
        if (RecordedRequest.All().SingleOrDefault(r => r.Query.Contains("AWSAccessKeyId=", StringComparison.Ordinal)) is not { } recorded)
            return;
        var expires = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Read(recorded).Query["Expires"]!, CultureInfo.InvariantCulture));
        var time = new FixedTime(expires);
        var authenticator = new RequestAuthenticator(new KnownKeys(_keys), time, TimeSpan.FromMinutes(15));
        var authenticated = await authenticator.AuthenticateAsync(Read(recorded), "1", null, default);
        Assert.Equal("judgekey", authenticated.Caller!.AccessKeyId);

        await Assert.ThrowsAsync<S3Exception>(() => authenticator.AuthenticateAsync(Read(recorded, path: recorded.Path + "x"), "1", null, default).AsTask());
        time.Now = expires.AddSeconds(1);
        var expired = await Assert.ThrowsAsync<S3Exception>(() => authenticator.AuthenticateAsync(Read(recorded), "1", null, default).AsTask());
        Assert.Equal("AccessDenied", expired.Error.Code);
        Assert.Equal("Request has expired", expired.Message);
    }

    [Fact]
    public void Decode_RecordedChunkedBodies_AreAsRecorded()
    {
        int decoded = 0;
        foreach (var recorded in RecordedRequest.All().Where(r => r.AwsChunked is not null && r.WholeBody is not null))
        {
            byte[] framed = recorded.WholeBody!;
            var mode = PayloadModes.Parse(recorded.Header("x-amz-content-sha256")!);
            var content = Decode(recorded, mode, framed);
            string expected = string.Join("", recorded.AwsChunked!.Value.GetProperty("chunks").EnumerateArray().Where(c => c.GetProperty("size").GetInt64() > 0).Select(c => c.GetProperty("sha256").GetString()).Take(1));
            if (recorded.AwsChunked.Value.GetProperty("chunks").EnumerateArray().Count(c => c.GetProperty("size").GetInt64() > 0) == 1)
                Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(content)));
            Assert.Equal(recorded.Header("x-amz-decoded-content-length") ?? content.Length.ToString(CultureInfo.InvariantCulture), content.Length.ToString(CultureInfo.InvariantCulture));
            decoded++;
            if (mode.HasSignedChunks)
                AssertEveryByteCounts(recorded, mode, framed);
        }

        Assert.True(decoded > 100 || RecordedRequest.Keys().Count == 0, $"only {decoded} bodies were found");
    }

    // Each byte of a signed body matters: its framing, its signatures, its data.
    private void AssertEveryByteCounts(RecordedRequest recorded, PayloadMode mode, byte[] framed)
    {
        int step = Math.Max(1, framed.Length / 40);
        for (int i = 0; i < framed.Length; i += step)
        {
            byte[] changed = [.. framed];
            changed[i] ^= 0x10;
            // A digit of a size that changes its case only says the same.
            if (char.ToLowerInvariant((char)changed[i]) == char.ToLowerInvariant((char)framed[i]))
                continue;
            Assert.Throws<S3Exception>(() => DecodeWhole(recorded, mode, changed));
        }
    }

    private void DecodeWhole(RecordedRequest recorded, PayloadMode mode, byte[] framed)
    {
        using var signatures = Chain(recorded);
        var decoder = new AwsChunkedDecoder(mode.HasSignedChunks ? signatures : null, mode.HasTrailer);
        decoder.Decode(framed, new byte[framed.Length], out int consumed);
        if (!decoder.IsComplete || consumed != framed.Length)
            throw new S3Exception(S3Error.IncompleteBody);
    }

    private byte[] Decode(RecordedRequest recorded, PayloadMode mode, byte[] framed)
    {
        using var signatures = mode.HasSignedChunks ? Chain(recorded) : null;
        var decoder = new AwsChunkedDecoder(signatures, mode.HasTrailer);
        byte[] content = new byte[framed.Length];
        int written = decoder.Decode(framed, content, out int consumed);
        Assert.True(decoder.IsComplete, $"{recorded}: not complete after {consumed} of {framed.Length} bytes");
        Assert.Equal(framed.Length, consumed);
        return content[..written];
    }

    private async Task<string> CheckAsync(RecordedRequest recorded)
    {
        var request = Read(recorded);
        if (!IsVersion4(recorded))
            return "no SigV4";
        var claim = Claim(recorded, request);
        if (!_keys.ContainsKey(claim.Scope.AccessKeyId))
            return "unknown key";
        var authenticated = await AuthenticateAsync(recorded, request);
        Assert.Equal(claim.Scope.AccessKeyId, authenticated.Caller!.AccessKeyId);
        if (!authenticated.Mode.HasSignedChunks || recorded.AwsChunked is not { } framing)
            return "header";
        using var chain = Chain(recorded);
        foreach (var chunk in framing.GetProperty("chunks").EnumerateArray())
        {
            if (chunk.TryGetProperty("cut", out _))
                break;
            string hash = chunk.TryGetProperty("sha256", out var sha) ? sha.GetString()! : SignatureV4.EmptyHash;
            Assert.True(chain.IsNext(chunk.GetProperty("ext").GetString()!["chunk-signature=".Length..], hash), recorded.ToString());
        }

        string trailer = framing.TryGetProperty("trailer", out var text) ? text.GetString()! : "";
        if (!trailer.Contains("x-amz-trailer-signature", StringComparison.Ordinal))
            return "header, chunks";
        var lines = trailer.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).ToLookup(l => l.StartsWith("x-amz-trailer-signature", StringComparison.Ordinal));
        Assert.True(chain.IsTrailer(Encoding.UTF8.GetBytes(string.Concat(lines[false].Select(l => l + "\n"))), lines[true].Single().Split(':')[1]), recorded.ToString());
        return "header, chunks, trailer";
    }

    private async Task Refused(RecordedRequest recorded, S3Request changed)
    {
        var refusal = await Assert.ThrowsAsync<S3Exception>(() => AuthenticateAsync(recorded, changed).AsTask());
        Assert.Equal("SignatureDoesNotMatch", refusal.Error.Code);
    }

    private ValueTask<AuthenticatedRequest> AuthenticateAsync(RecordedRequest recorded, S3Request request)
    {
        var claim = Claim(recorded, request);
        var authenticator = new RequestAuthenticator(new KnownKeys(_keys), new FixedTime(claim.SignedAt), TimeSpan.FromMinutes(15));
        string? bodyHash = claim.Scope.Service == "sts" ? Convert.ToHexStringLower(SHA256.HashData(recorded.WholeBody!)) : null;
        return authenticator.AuthenticateAsync(request, "1", bodyHash, default);
    }

    private ChunkSignatures Chain(RecordedRequest recorded)
    {
        var claim = Claim(recorded, Read(recorded));
        return new(SignatureV4.SigningKey(_keys[claim.Scope.AccessKeyId], claim.Scope), claim.Timestamp, claim.Scope, claim.Signature);
    }

    private bool IsSigned(RecordedRequest recorded) => IsVersion4(recorded) && _keys.ContainsKey(Claim(recorded, Read(recorded)).Scope.AccessKeyId);

    private static bool IsVersion4(RecordedRequest recorded)
        => recorded.Header("Authorization")?.StartsWith(SignatureV4Claim.Algorithm, StringComparison.Ordinal) ?? recorded.Query.Contains("X-Amz-Signature", StringComparison.Ordinal);

    private static SignatureV4Claim Claim(RecordedRequest recorded, S3Request request)
        => recorded.Header("Authorization") is { } header
            ? SignatureV4Claim.FromHeader(header, recorded.Header("x-amz-date"), recorded.Header("date"))
            : SignatureV4Claim.FromQuery(request.Query);

    private static S3Request Read(RecordedRequest recorded, string? method = null, string? path = null, string? query = null)
    {
        string all = query ?? recorded.Query;
        return RequestFactory.Create(method ?? recorded.Method, (path ?? recorded.Path) + (all.Length == 0 ? "" : "?" + all), recorded.Headers);
    }
}
