using System.Globalization;
using System.Text;
using Tarn.S3.Authentication;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;
using Tarn.S3.Tests.Hosting;
using Tarn.S3.Tests.Requests;
using Tarn.Testing;
using Tarn.Testing.Time;

namespace Tarn.S3.Tests.Authentication;

/// <summary>Proofs that were changed in random places are refused as what they are: never accepted, never a fault.</summary>
public sealed class AuthenticationFuzzTests
{
    private const string Host = "127.0.0.1:9000";
    private static readonly DateTimeOffset s_now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly (string Id, string Secret) s_key = ("AKIDEXAMPLE", "secret of the example");
    private readonly RequestAuthenticator _authenticator = new(new KnownKeys(new Dictionary<string, string> { [s_key.Id] = s_key.Secret }), new FixedTime(s_now), TimeSpan.FromMinutes(15));
    private readonly Random _random = new(Soak.Seed);

    [Fact]
    public async Task Authenticate_MutatedHeader_IsRefused()
    {
        var right = SignedRequest.Sign("PUT", "/bucket/key?tagging", [("Host", Host)], PayloadModes.UnsignedPayload, s_key, s_now);
        Assert.NotNull((await AuthenticateAsync("/bucket/key?tagging", right))!.Caller);
        for (int i = 0; i < Soak.Rounds(slice: 1_500, full: 1_000_000); i++)
        {
            int at = _random.Next(right.Count);
            string value = Encoding.Latin1.GetString(Mutations.Apply(Encoding.Latin1.GetBytes(right[at].Value), _random));
            if (Meaning(value) == Meaning(right[at].Value))
                continue;
            List<(string, string)> headers = [.. right];
            headers[at] = (right[at].Name, value);
            await AssertRefusedAsync("/bucket/key?tagging", headers, $"TARN_SEED={Soak.Seed} round {i}, {right[at].Name}: {value}");
        }
    }

    [Fact]
    public async Task Authenticate_MutatedPresignedQuery_IsRefused()
    {
        string right = Presigned();
        Assert.NotNull((await AuthenticateAsync(right, [("Host", Host)]))!.Caller);
        for (int i = 0; i < Soak.Rounds(slice: 1_500, full: 1_000_000); i++)
        {
            string target = "/bucket/key?" + Encoding.Latin1.GetString(Mutations.Apply(Encoding.Latin1.GetBytes(right[(right.IndexOf('?') + 1)..]), _random));
            if (Parameters(target).SequenceEqual(Parameters(right)))
                continue;
            await AssertRefusedAsync(target, [("Host", Host)], $"TARN_SEED={Soak.Seed} round {i}: {target}");
        }
    }

    [Fact]
    public async Task Decode_MutatedSignedChunks_IsRefused()
    {
        byte[] right = Chunks();
        Assert.Equal(20, await ReadAsync(right));
        for (int i = 0; i < Soak.Rounds(slice: 2_000, full: 200_000); i++)
        {
            byte[] mutated = Mutations.Apply(right, _random);
            if (Encoding.Latin1.GetString(mutated).Equals(Encoding.Latin1.GetString(right), StringComparison.OrdinalIgnoreCase))
                continue;
            var failure = await Record.ExceptionAsync(() => ReadAsync(mutated));
            Assert.True(failure is S3Exception { Error.Status: >= 400 and < 500 }, $"TARN_SEED={Soak.Seed} round {i}: {failure}\n{Encoding.Latin1.GetString(mutated)}");
        }
    }

    private static ChunkSignatures Signatures(out CredentialScope scope)
    {
        scope = new CredentialScope(s_key.Id, "20260304", "us-east-1", "s3");
        return new ChunkSignatures(SignatureV4.SigningKey(s_key.Secret, scope), "20260304T050607Z", scope, new string('a', 64));
    }

    private static byte[] Chunks()
    {
        byte[] signingKey = SignatureV4.SigningKey(s_key.Secret, Scope());
        string previous = new('a', 64);
        var body = new StringBuilder();
        foreach (string data in (string[])["0123456789", "abcdefghij", ""])
        {
            string hash = SignedRequest.Hash(Encoding.ASCII.GetBytes(data));
            previous = SignatureV4.Sign(signingKey, $"AWS4-HMAC-SHA256-PAYLOAD\n20260304T050607Z\n{Scope().Text}\n{previous}\n{SignedRequest.Hash([])}\n{hash}");
            body.Append(CultureInfo.InvariantCulture, $"{data.Length:x};chunk-signature={previous}\r\n");
            body.Append(data).Append(data.Length > 0 ? "\r\n" : "");
        }

        return Encoding.ASCII.GetBytes(body.Append("\r\n").ToString());
    }

    private static CredentialScope Scope()
    {
        using var signatures = Signatures(out var scope);
        return scope;
    }

    private static async Task<int> ReadAsync(byte[] body)
    {
        using var signatures = Signatures(out _);
        var mode = PayloadModes.Parse("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
        using var payload = new RequestPayload(System.IO.Pipelines.PipeReader.Create(new MemoryStream(body)), mode, 20, null, signatures);
        byte[] buffer = new byte[64];
        int total = 0;
        while (await payload.ReadAsync(buffer, CancellationToken.None) is > 0 and var length)
            total += length;
        return total;
    }

    private static string Presigned()
    {
        string query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={s_key.Id}%2F20260304%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260304T050607Z&X-Amz-Expires=600&X-Amz-SignedHeaders=host";
        var target = RequestTarget.Parse("/bucket/key?" + query);
        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary { ["Host"] = Host };
        string canonical = CanonicalRequest.Write("PUT", target, RequestQuery.Parse(target.RawQuery), headers, ["host"], PayloadModes.UnsignedPayload);
        string text = SignatureV4.StringToSign("20260304T050607Z", Scope(), canonical);
        return $"/bucket/key?{query}&X-Amz-Signature={SignatureV4.Sign(SignatureV4.SigningKey(s_key.Secret, Scope()), text)}";
    }

    // Blanks do not count, nor do empty parts of the list; the names of headers have no case.
    private static string Meaning(string header) => string.Join(',', string.Concat(header.Where(c => !char.IsWhiteSpace(c))).Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.StartsWith("SignedHeaders=", StringComparison.Ordinal) ? p.ToLowerInvariant().Replace("signedheaders=", "SignedHeaders=", StringComparison.Ordinal) : p));

    private static IEnumerable<string> Parameters(string target)
        => target[(target.IndexOf('?') + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).Order(StringComparer.Ordinal);

    private async Task AssertRefusedAsync(string target, IEnumerable<(string, string)> headers, string what)
    {
        try
        {
            Assert.True((await AuthenticateAsync(target, headers))?.Caller is null, what);
        }
        catch (S3Exception refused)
        {
            Assert.True(refused.Error.Status is >= 400 and < 500, $"{what}\n{refused}");
        }
        catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException(what, fault);
        }
    }

    private async Task<AuthenticatedRequest?> AuthenticateAsync(string target, IEnumerable<(string, string)> headers)
        => await _authenticator.AuthenticateAsync(RequestFactory.Create("PUT", target, headers), "id", null, CancellationToken.None);
}
