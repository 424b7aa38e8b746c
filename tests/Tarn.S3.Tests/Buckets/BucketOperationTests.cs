using Amazon.S3;
using Amazon.S3.Model;
using Tarn.Access.Administration;
using Tarn.S3.Tests.Hosting;
using static Tarn.S3.Tests.Hosting.S3TestClient;

namespace Tarn.S3.Tests.Buckets;

public sealed class BucketOperationTests : IAsyncLifetime
{
    private S3TestServer _server = null!;
    private AmazonS3Client _root = null!;

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync();
        _root = _server.Client();
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task CreateBucket_AgainByItsOwner_Succeeds()
    {
        await _root.PutBucketAsync("mine");
        await _root.PutAsync("mine", "k");
        await _root.PutBucketAsync("mine");
        Assert.Single((await _root.ListObjectsV2Async(new() { BucketName = "mine" })).S3Objects);
    }

    [Fact]
    public async Task PutBucketPolicy_WithPrincipalsThatDoNotExist_IsMalformed()
    {
        await _root.PutBucketAsync("mine");
        string account = (await _server.Access.FindAccessKeyAsync(S3TestServer.AccessKey)).Credential!.Caller.AccountId;
        await _server.Administration.CreateUserAsync(new NewUser("ada"));
        Task Put(string principal) => _root.PutBucketPolicyAsync(
            "mine", $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{{principal}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::mine/*"}]}""");
        foreach (string missing in new[] { "iam::{0}:user/nobody", "iam::{0}:role/nobody", "sts::{0}:assumed-role/nobody/session" })
            Assert.Equal("MalformedPolicy", await CodeAsync(() => Put($"{{\"AWS\":[\"arn:aws:iam::{account}:user/ada\",\"arn:aws:{missing.Replace("{0}", account)}\"]}}")));
        foreach (string present in new[] { "\"*\"", $"{{\"AWS\":\"arn:aws:iam::{account}:user/ada\"}}", $"{{\"AWS\":\"arn:aws:iam::{account}:root\"}}", "{\"AWS\":\"arn:aws:iam::999999999999:user/elsewhere\"}" })
            await Put(present);
    }

    [Fact]
    public async Task CreateBucket_AgainWithAnotherAcl_IsRefused()
    {
        await _root.PutBucketAsync("mine");
        Assert.Equal("BucketAlreadyExists", await CodeAsync(() => _root.PutBucketAsync(new PutBucketRequest { BucketName = "mine", CannedACL = S3CannedACL.PublicRead })));
    }

    [Fact]
    public async Task CreateBucket_OfAnotherAccount_AlreadyExists()
    {
        await _root.PutBucketAsync("mine");
        using var other = _server.Client(await _server.AddUserAsync("other", "222222222222"));
        Assert.Equal("BucketAlreadyExists", await CodeAsync(() => other.PutBucketAsync("mine")));
    }

    [Fact]
    public async Task GetBucketLocation_OfTheConstraintGiven_IsThatRegion()
    {
        await _root.PutBucketAsync(new PutBucketRequest { BucketName = "elsewhere", BucketRegionName = "eu-west-3" });
        Assert.Equal("eu-west-3", (await _root.GetBucketLocationAsync("elsewhere")).Location.Value);
        Assert.Equal("BucketAlreadyOwnedByYou", await CodeAsync(() => _root.PutBucketAsync(new PutBucketRequest { BucketName = "elsewhere", BucketRegionName = "eu-west-3" })));
    }

    [Fact]
    public async Task ListBuckets_ByPagesAndPrefix_GivesOwnBucketsOnly()
    {
        using var other = _server.Client(await _server.AddUserAsync("other", "222222222222"));
        foreach (string name in new[] { "a-1", "a-2", "a-3", "b-1" })
            await other.PutBucketAsync(name);
        await _root.PutBucketAsync("a-root");
        var first = await other.ListBucketsAsync(new ListBucketsRequest { MaxBuckets = 2, Prefix = "a-" });
        var second = await other.ListBucketsAsync(new ListBucketsRequest { MaxBuckets = 2, Prefix = "a-", ContinuationToken = first.ContinuationToken });
        Assert.Equal(["a-1", "a-2", "a-3"], first.Buckets.Concat(second.Buckets).Select(b => b.BucketName));
        Assert.Null(second.ContinuationToken);
    }

    [Fact]
    public async Task ListBuckets_ByWhoMayListTheLake_ShowsIt()
    {
        await _server.Administration.CreateUserAsync(new NewUser("analyst", null, ["readonly"]));
        using var analyst = _server.Client(await _server.Administration.CreateKeyAsync(new KeyRequest("analyst")));
        Assert.Contains("lake", (await analyst.ListBucketsAsync()).Buckets.Select(b => b.BucketName));
        using var other = _server.Client(await _server.AddUserAsync("other", "222222222222"));
        Assert.DoesNotContain("lake", (await other.ListBucketsAsync()).Buckets?.Select(b => b.BucketName) ?? []);
        const string policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::lake"}]}""";
        await _root.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = "lake", Policy = policy });
        Assert.Contains("lake", (await other.ListBucketsAsync()).Buckets.Select(b => b.BucketName));
    }

    [Theory]
    [InlineData("replication", 404, "ReplicationConfigurationNotFoundError")]
    [InlineData("encryption", 404, "ServerSideEncryptionConfigurationNotFoundError")]
    [InlineData("website", 404, "NoSuchWebsiteConfiguration")]
    [InlineData("inventory&id=i", 404, "NoSuchConfiguration")]
    [InlineData("metrics&id=i", 404, "NoSuchConfiguration")]
    [InlineData("analytics&id=i", 404, "NoSuchConfiguration")]
    [InlineData("intelligent-tiering&id=i", 404, "NoSuchConfiguration")]
    [InlineData("inventory", 200, "<ListInventoryConfigurationsResult")]
    [InlineData("logging", 200, "<BucketLoggingStatus")]
    public async Task GetBucketConfiguration_ThatNoBucketHas_AnswersAsForABucketWithoutIt(string subResource, int status, string expected)
    {
        await _root.PutBucketAsync("mine");
        await using var connection = await RawConnection.OpenAsync(_server.Http);
        string target = "/mine?" + subResource;
        var headers = SignedRequest.Sign("GET", target, [("Host", _server.Http.Authority)], SignedRequest.Hash([]), (S3TestServer.AccessKey, S3TestServer.Secret), DateTimeOffset.UtcNow);
        var answer = await connection.SendAsync("GET", target, headers, []);
        Assert.Equal(status, answer.Status);
        Assert.Contains(status == 200 ? expected : $"<Code>{expected}</Code>", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyRequest_ToTheFirstBucketFromAnotherAccount_IsDenied()
    {
        using var other = _server.Client(await _server.AddUserAsync("other", "222222222222"));
        Assert.Equal("AccessDenied", await CodeAsync(() => other.ListObjectsV2Async(new() { BucketName = "lake" })));
        Assert.Equal("AccessDenied", await CodeAsync(() => other.PutAsync("lake", "k")));
    }

    [Fact]
    public async Task AnyRequest_ToAMissingBucket_IsNoSuchBucketForEverybody()
    {
        using var anonymous = _server.Anonymous();
        Assert.Equal("NoSuchBucket", await CodeAsync(() => anonymous.GetObjectAsync("missing", "k")));
        Assert.Equal("NoSuchBucket", await CodeAsync(() => anonymous.DeleteObjectAsync("missing", "k")));
    }

    [Theory]
    [InlineData("111111111111", "AccessDenied")]
    [InlineData(null, null)]
    public async Task ExpectedBucketOwner_Account_MustBeTheBuckets(string? account, string? code)
    {
        await _root.PutBucketAsync("mine");
        string own = (await _server.Administration.ListUsersAsync()).Single(u => u.User.IsRoot).User.AccountId;
        Task Ask() => _root.ListObjectsV2Async(new() { BucketName = "mine", ExpectedBucketOwner = account ?? own });
        if (code is null)
            await Ask();
        else
            Assert.Equal(code, await CodeAsync(Ask));
    }

    [Fact]
    public async Task DeleteBucket_WithOneObject_IsRefused()
    {
        await _root.PutBucketAsync("mine");
        await _root.PutAsync("mine", "k");
        Assert.Equal("BucketNotEmpty", await CodeAsync(() => _root.DeleteBucketAsync("mine")));
        await _root.DeleteObjectAsync("mine", "k");
        await _root.DeleteBucketAsync("mine");
    }

    [Fact]
    public async Task Configuration_ThatNoBucketHas_AnswersAsAws()
    {
        await _root.PutBucketAsync("mine");
        Assert.Equal("BucketOwner", (await _root.GetBucketRequestPaymentAsync("mine")).Payer);
        Assert.Equal("NotImplemented", await CodeAsync(() => _root.PutBucketWebsiteAsync("mine", new WebsiteConfiguration { IndexDocumentSuffix = "index.html" })));
        Assert.Equal("NotImplemented", await CodeAsync(() => _root.PutBucketAccelerateConfigurationAsync(new() { BucketName = "mine", AccelerateConfiguration = new() { Status = BucketAccelerateStatus.Enabled } })));
    }
}
