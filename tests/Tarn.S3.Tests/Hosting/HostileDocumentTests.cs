using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tarn.Testing;

namespace Tarn.S3.Tests.Hosting;

/// <summary>Documents made to exhaust or confuse a parser are refused by their own code, whatever operation they are sent to.</summary>
public sealed class HostileDocumentTests : IAsyncLifetime
{
    private static readonly string[] s_documents =
    [
        "<Delete><Object><Key>a</Key></Object></Delete>",
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"0123456789abcdef0123456789abcdef\"</ETag></Part></CompleteMultipartUpload>",
        "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>",
        "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>",
        "<LifecycleConfiguration><Rule><ID>r</ID><Filter><Prefix>p</Prefix></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>",
        "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>",
        "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>",
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::wire/*"}]}""",
    ];

    private S3TestServer _server = null!;
    private RawConnection _connection = null!;

    public static TheoryData<string, string> Operations => new()
    {
        { "POST", "/wire?delete" },
        { "POST", "/wire/k?uploadId=none" },
        { "PUT", "/wire?tagging" },
        { "PUT", "/wire/k?tagging" },
        { "PUT", "/wire?versioning" },
        { "PUT", "/wire?lifecycle" },
        { "PUT", "/wire?cors" },
        { "PUT", "/wire?object-lock" },
        { "PUT", "/wire?ownershipControls" },
        { "PUT", "/wire?publicAccessBlock" },
        { "PUT", "/wire?policy" },
        { "PUT", "/wire?acl" },
        { "PUT", "/wire/k?acl" },
        { "PUT", "/wire/k?retention" },
        { "PUT", "/wire/k?legal-hold" },
        { "PUT", "/other" },
    };

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync();
        _connection = await RawConnection.OpenAsync(_server.Http);
        Assert.Equal(200, (await SendAsync("PUT", "/wire", [])).Status);
        Assert.Equal(200, (await SendAsync("PUT", "/wire/k", [])).Status);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Document_MadeToExhaust_IsRefusedWithoutAFault(string method, string target)
    {
        string[] documents =
        [
            "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;\">]><Delete>&d;</Delete>",
            "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><Delete/>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Delete><Object><Key>&x;</Key></Object></Delete>",
            string.Concat(Enumerable.Repeat("<a>", 100_000)),
            string.Concat(Enumerable.Repeat("[", 100_000)),
            $"<Delete>{new string('a', 3_000_000)}</Delete>",
            $"<Delete{string.Concat(Enumerable.Range(0, 50_000).Select(i => $" a{i}='1'"))}/>",
            "<Delete", "\u0000", "\uFEFF", "<\u0000/>", "<a:b/>", "{\"a\":", "null", "[]", "\"\"", "<Delete>&#xD800;</Delete>",
        ];
        foreach (string document in documents)
        {
            var answer = await SendAsync(method, target, Encoding.UTF8.GetBytes(document));
            Assert.True(answer.Status is >= 400 and < 500, $"{document[..Math.Min(60, document.Length)]}: {answer.Status} {answer.Text}");
            Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Document_Mutated_NeverCausesAFault()
    {
        var random = new Random(Soak.Seed);
        var operations = Operations.Select(o => ((string)o[0], (string)o[1])).ToArray();
        for (int i = 0; i < Soak.Rounds(slice: 200, full: 50_000); i++)
        {
            byte[] document = Mutations.Apply(Encoding.UTF8.GetBytes(s_documents[random.Next(s_documents.Length)]), random);
            var (method, target) = operations[random.Next(operations.Length - 1)];
            var answer = await SendAsync(method, target, document);
            Assert.True(answer.Status < 500 || answer.Status == 501, $"TARN_SEED={Soak.Seed} round {i}, {method} {target}: {answer.Status} {answer.Text}\n{Encoding.UTF8.GetString(document)}");
        }
    }

    private Task<RawAnswer> SendAsync(string method, string target, byte[] body)
    {
#pragma warning disable CA5351 // What the protocol wants.
        string md5 = Convert.ToBase64String(MD5.HashData(body));
#pragma warning restore CA5351
        var headers = SignedRequest.Sign(
            method, target, [("Host", _server.Http.Authority), ("Content-MD5", md5)], SignedRequest.Hash(body), (S3TestServer.AccessKey, S3TestServer.Secret), DateTimeOffset.UtcNow);
        return _connection.SendAsync(method, target, [.. headers, ("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture))], body);
    }
}
