using Amazon.S3;
using Amazon.S3.Model;
using Tarn.Access.Auditing;
using Tarn.S3.Tests.Hosting;
using static Tarn.S3.Tests.Hosting.S3TestClient;

namespace Tarn.S3.Tests.Objects;

public sealed class ObjectOperationTests : IAsyncLifetime
{
    private S3TestServer _server = null!;
    private AmazonS3Client _root = null!;

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync();
        _root = _server.Client();
        await _root.PutBucketAsync("box");
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Checksum_OfAFileThatWasNeverUploaded_IsGivenWhenAskedFor()
    {
        await File.WriteAllTextAsync(Path.Join(_server.DataFolder, "lake", "file"), "123456789");
        const string Crc32C = "4waSgw==";
        Assert.Null((await _root.GetObjectMetadataAsync("lake", "file")).ChecksumCRC32C);
        var head = await _root.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = "lake", Key = "file", ChecksumMode = ChecksumMode.ENABLED });
        Assert.Equal((Crc32C, ChecksumType.FULL_OBJECT), (head.ChecksumCRC32C, head.ChecksumType));
        using var whole = await _root.GetObjectAsync(new GetObjectRequest { BucketName = "lake", Key = "file", ChecksumMode = ChecksumMode.ENABLED });
        Assert.Equal(Crc32C, whole.ChecksumCRC32C);
        using var range = await _root.GetObjectAsync(new GetObjectRequest { BucketName = "lake", Key = "file", ChecksumMode = ChecksumMode.ENABLED, ByteRange = new(0, 3) });
        Assert.Null(range.ChecksumCRC32C);
        var attributes = await _root.GetObjectAttributesAsync(new() { BucketName = "lake", Key = "file", ObjectAttributes = [ObjectAttributes.Checksum] });
        Assert.Equal(Crc32C, attributes.Checksum.ChecksumCRC32C);
    }

    [Fact]
    public async Task GetObject_WhoseFileIsDamaged_SaysWhatIsWrongAndNotWhereTheFileLies()
    {
        await _root.PutAsync("box", "k");
        string path = Path.Join(_server.DataFolder, "box", "k");
        var time = File.GetLastWriteTimeUtc(path);
        await File.WriteAllTextAsync(path, "longer than text");
        File.SetLastWriteTimeUtc(path, time);
        var refusal = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => _root.GetObjectAsync("box", "k"));
        Assert.Contains("its file is 16 bytes long instead of 4", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.DataFolder, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteObjects_ParentFoldersThatDoNotExist_AreDeleted()
    {
        await _root.PutAsync("box", "a/b/file");
        var answer = await _root.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = "box", Objects = [new() { Key = "a/b/" }, new() { Key = "a/" }, new() { Key = " " }] });
        Assert.Equal(["a/b/", "a/", " "], answer.DeletedObjects.Select(d => d.Key));
        Assert.Single((await _root.ListObjectsV2Async(new() { BucketName = "box" })).S3Objects);
    }

    [Fact]
    public async Task DeleteObjects_WithSizeThatIsNotTheObjects_FailsForThatOne()
    {
        await _root.PutAsync("box", "k");
        await _root.PutAsync("box", "l");
        var failed = await Assert.ThrowsAsync<DeleteObjectsException>(() => _root.DeleteObjectsAsync(
            new DeleteObjectsRequest { BucketName = "box", Objects = [new() { Key = "k", Size = 99 }, new() { Key = "l", Size = 4 }] }));
        Assert.Equal("PreconditionFailed", Assert.Single(failed.Response.DeleteErrors).Code);
        Assert.Equal("l", Assert.Single(failed.Response.DeletedObjects).Key);
    }

    [Fact]
    public async Task DeleteObject_WithLengthOrTimeThatIsNotTheObjects_Fails()
    {
        await _root.PutAsync("box", "k");
        DeleteObjectRequest Delete(string key) => new() { BucketName = "box", Key = key };
        var wrongSize = Delete("k");
        wrongSize.IfMatchSize = 99;
        var wrongTime = Delete("k");
        wrongTime.IfMatchLastModifiedTime = new DateTime(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Assert.Equal("PreconditionFailed", await CodeAsync(() => _root.DeleteObjectAsync(wrongSize)));
        Assert.Equal("PreconditionFailed", await CodeAsync(() => _root.DeleteObjectAsync(wrongTime)));
        wrongSize.Key = "what is not there";
        await _root.DeleteObjectAsync(wrongSize);
        var right = Delete("k");
        right.IfMatchSize = 4;
        await _root.DeleteObjectAsync(right);
        Assert.Empty((await _root.ListObjectsV2Async(new() { BucketName = "box" })).S3Objects ?? []);
    }

    [Fact]
    public async Task DeleteBucket_WithUnfinishedUploadOnly_RemovesBoth()
    {
        await _root.InitiateMultipartUploadAsync("box", "k");
        await _root.DeleteBucketAsync("box");
        Assert.Equal("NoSuchBucket", await CodeAsync(() => _root.ListObjectsV2Async(new() { BucketName = "box" })));
    }

    [Fact]
    public async Task PutObject_IfNoneMatchWithAnETag_FailsOnlyForThatETag()
    {
        string etag = (await _root.PutAsync("box", "k")).ETag;
        Task<PutObjectResponse> Put(string condition) => _root.PutObjectAsync(new PutObjectRequest { BucketName = "box", Key = "k", ContentBody = "text", IfNoneMatch = condition });
        Assert.Equal("PreconditionFailed", await CodeAsync(() => Put(etag)));
        Assert.Equal("PreconditionFailed", await CodeAsync(() => Put("*")));
        await Put("\"other\"");
    }

    [Fact]
    public async Task GetObject_PartThatIsNotThere_IsInvalidPart()
    {
        await _root.PutAsync("box", "k");
        Assert.Equal("InvalidPart", await CodeAsync(() => _root.GetObjectAsync(new GetObjectRequest { BucketName = "box", Key = "k", PartNumber = 2 })));
        Assert.Equal(4, (await _root.GetObjectAsync(new GetObjectRequest { BucketName = "box", Key = "k", PartNumber = 1 })).ContentLength);
    }

    [Fact]
    public async Task PutObject_WhileVersioningIsSuspended_TellsNoVersion()
    {
        await SetVersioningAsync(VersionStatus.Enabled);
        Assert.NotNull((await _root.PutAsync("box", "k")).VersionId);
        await SetVersioningAsync(VersionStatus.Suspended);
        Assert.Null((await _root.PutAsync("box", "k")).VersionId);
        Assert.Equal("null", (await _root.ListVersionsAsync("box")).Versions[0].VersionId);
    }

    [Fact]
    public async Task AbortMultipartUpload_ByWhoBeganItInABucketOfOthers_IsAllowed()
    {
        await _root.PutBucketAclAsync(new PutBucketAclRequest { BucketName = "box", ACL = S3CannedACL.PublicReadWrite });
        using var other = _server.Client(await _server.AddUserAsync("other", "222222222222"));
        string mine = (await _root.InitiateMultipartUploadAsync("box", "mine")).UploadId, theirs = (await other.InitiateMultipartUploadAsync("box", "theirs")).UploadId;
        Assert.Equal("AccessDenied", await CodeAsync(() => other.AbortMultipartUploadAsync("box", "mine", mine)));
        await other.AbortMultipartUploadAsync("box", "theirs", theirs);
        Assert.Single((await _root.ListMultipartUploadsAsync("box")).MultipartUploads);
    }

    [Fact]
    public async Task GetObjectAcl_ByWhoStoredItInABucketOfOthers_ShowsTheOwner()
    {
        await _root.PutBucketAclAsync(new PutBucketAclRequest { BucketName = "box", ACL = S3CannedACL.PublicReadWrite });
        using var other = _server.Client(await _server.AddUserAsync("other", "222222222222"));
        await other.PutObjectAsync(new PutObjectRequest { BucketName = "box", Key = "k", ContentBody = "x", CannedACL = S3CannedACL.BucketOwnerRead });
        var acl = await other.GetObjectAclAsync(new() { BucketName = "box", Key = "k" });
        Assert.Equal("other", acl.Owner.DisplayName);
        Assert.Equal(["FULL_CONTROL", "READ"], acl.Grants.Select(g => g.Permission.Value).Order());
    }

    [Fact]
    public async Task ObjectOwnership_Enforced_GivesObjectsOfOthersToTheBucketsOwner()
    {
        await _root.PutBucketAclAsync(new PutBucketAclRequest { BucketName = "box", ACL = S3CannedACL.PublicReadWrite });
        var enforced = new PutBucketOwnershipControlsRequest { BucketName = "box", OwnershipControls = new() { Rules = [new() { ObjectOwnership = ObjectOwnership.BucketOwnerEnforced }] } };
        Assert.Equal("InvalidBucketAclWithObjectOwnership", await CodeAsync(() => _root.PutBucketOwnershipControlsAsync(enforced)));
        await _root.PutBucketAclAsync(new PutBucketAclRequest { BucketName = "box", ACL = S3CannedACL.Private });
        await _root.PutBucketOwnershipControlsAsync(enforced);
        Assert.Equal("AccessControlListNotSupported", await CodeAsync(() => _root.PutObjectAsync(new() { BucketName = "box", Key = "k", ContentBody = "x", CannedACL = S3CannedACL.PublicRead })));
    }

    [Fact]
    public async Task ObjectOwnership_Enforced_DisablesTheAclsThatObjectsHave()
    {
        using var anonymous = _server.Anonymous();
        using var other = _server.Client(await _server.AddUserAsync("other", "222222222222"));
        await _root.PutBucketAclAsync(new PutBucketAclRequest { BucketName = "box", ACL = S3CannedACL.PublicReadWrite });
        await other.PutAsync("box", "theirs");
        await _root.PutBucketAclAsync(new PutBucketAclRequest { BucketName = "box", ACL = S3CannedACL.Private });
        await _root.PutObjectAsync(new PutObjectRequest { BucketName = "box", Key = "k", ContentBody = "x", CannedACL = S3CannedACL.PublicRead });
        (await anonymous.GetObjectAsync("box", "k")).Dispose();
        (await other.GetObjectAsync("box", "theirs")).Dispose();

        await _root.PutBucketOwnershipControlsAsync(
            new PutBucketOwnershipControlsRequest { BucketName = "box", OwnershipControls = new() { Rules = [new() { ObjectOwnership = ObjectOwnership.BucketOwnerEnforced }] } });
        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => anonymous.GetObjectAsync("box", "k"));
        Assert.Equal("AccessDenied", refused.ErrorCode);
        Assert.StartsWith("The request shows no key, and s3:GetObject on \"arn:aws:s3:::box/k\" is not open to everybody. Keys for the files of a table", refused.Message, StringComparison.Ordinal);
        Assert.Equal("AccessDenied", await CodeAsync(() => other.GetObjectAsync("box", "theirs")));
        Assert.Equal("AccessDenied", await CodeAsync(() => other.GetObjectAclAsync(new() { BucketName = "box", Key = "theirs" })));
        await _root.PutBucketAsync("target");
        await _root.PutBucketPolicyAsync("target", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::target/*"}]}""");
        Assert.Equal("AccessDenied", await CodeAsync(() => other.CopyObjectAsync("box", "k", "target", "k")));

        string owner = (await _root.GetBucketAclAsync(new() { BucketName = "box" })).Owner.Id;
        foreach (string key in new[] { "k", "theirs" })
        {
            var acl = await _root.GetObjectAclAsync(new() { BucketName = "box", Key = key });
            var grant = Assert.Single(acl.Grants);
            Assert.Equal((owner, owner, "FULL_CONTROL"), (acl.Owner.Id, grant.Grantee.CanonicalUser, grant.Permission.Value));
        }

        Assert.All((await _root.ListVersionsAsync("box")).Versions, v => Assert.Equal(owner, v.Owner.Id));
        Assert.All((await _root.ListObjectsV2Async(new() { BucketName = "box", FetchOwner = true })).S3Objects, o => Assert.Equal(owner, o.Owner.Id));

        await _root.DeleteBucketOwnershipControlsAsync(new() { BucketName = "box" });
        (await anonymous.GetObjectAsync("box", "k")).Dispose();
    }

    [Theory]
    [InlineData("zzz")]
    [InlineData("1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=")]
    [InlineData("AA")]
    [InlineData("AQ")]
    [InlineData("Af8")]
    [InlineData("\u00e4")]
    public async Task ListObjectsV2_WithATokenOfOthers_IsInvalidArgument(string token)
        => Assert.Equal("InvalidArgument", await CodeAsync(() => _root.ListObjectsV2Async(new() { BucketName = "box", ContinuationToken = token })));

    [Fact]
    public async Task Listings_WithMarkersOfOthers_AreNoFailures()
    {
        const string Strange = "%zz\u00e4==";
        Assert.Equal("InvalidArgument", await CodeAsync(() => _root.ListBucketsAsync(new ListBucketsRequest { ContinuationToken = Strange })));
        await _root.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = "box", KeyMarker = "a", UploadIdMarker = Strange });
        await _root.ListVersionsAsync(new ListVersionsRequest { BucketName = "box", KeyMarker = "a", VersionIdMarker = Strange });
        Assert.Equal("NoSuchUpload", await CodeAsync(() => _root.ListPartsAsync(new ListPartsRequest { BucketName = "box", Key = "k", UploadId = Strange })));
        Assert.Equal("NoSuchVersion", await CodeAsync(() => _root.GetObjectAsync(new GetObjectRequest { BucketName = "box", Key = "k", VersionId = Strange })));
    }

    [Fact]
    public async Task HeadObject_OfAMissingKey_TellsOnlyWhoMayListIt()
    {
        await _root.PutBucketPolicyAsync("box", """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::box","Condition":{"StringLike":{"s3:prefix":"public/*"}}}]}
            """);
        using var other = _server.Client(await _server.AddUserAsync("other", "222222222222"));
        Assert.Equal("NoSuchKey", await CodeAsync(() => other.GetObjectAsync("box", "public/none")));
        Assert.Equal("AccessDenied", await CodeAsync(() => other.GetObjectAsync("box", "private/none")));
    }

    [Fact]
    public async Task GetObject_OfAMissingKey_IsInTheAuditTrailUnderThatKey()
    {
        using var anonymous = _server.Anonymous();
        Assert.Equal("AccessDenied", await CodeAsync(() => anonymous.GetObjectAsync("box", "wanted/secret")));
        Assert.Equal("NoSuchKey", await CodeAsync(() => _root.GetObjectAsync("box", "wanted/secret")));
        var found = await _server.EndAuditAsync(new AuditQuery(Resource: "arn:aws:s3:::box/wanted/*"));
        Assert.Equal([("anonymous", "s3:GetObject", false), (found[^1].Principal, "s3:GetObject", true)], found.Select(e => (e.Principal, e.Action, e.IsAllowed)));
        Assert.All(found, e => Assert.StartsWith("s3:ListBucket on arn:aws:s3:::box decides: ", e.Reason));
    }

    [Fact]
    public async Task PutObjectRetention_FromGovernanceToCompliance_NeedsTheBypass()
    {
        await _root.PutBucketAsync(new PutBucketRequest { BucketName = "locked", ObjectLockEnabledForBucket = true });
        var until = DateTime.UtcNow.AddHours(1);
        await _root.PutObjectAsync(new PutObjectRequest { BucketName = "locked", Key = "k", ContentBody = "x", ObjectLockMode = ObjectLockMode.Governance, ObjectLockRetainUntilDate = until });
        Task Change(bool bypasses) => _root.PutObjectRetentionAsync(new()
        {
            BucketName = "locked",
            Key = "k",
            BypassGovernanceRetention = bypasses,
            Retention = new() { Mode = ObjectLockRetentionMode.Compliance, RetainUntilDate = until.AddHours(1) },
        });
        Assert.Equal("AccessDenied", await CodeAsync(() => Change(false)));
        await Change(true);
    }

    [Fact]
    public async Task PutObject_MetadataBeyondAscii_ComesBackAsEncodedWord()
    {
        await _server.Store.UpdateAsync("box", (await PutPlainAsync()).Key, null, r => r with { UserMetadata = r.UserMetadata.SetItem("who", "é") });
        Assert.Equal("=?UTF-8?B?w6k=?=", (await _root.GetObjectMetadataAsync("box", "k")).Metadata["who"]);
    }

    private async Task<Tarn.Storage.Buckets.ObjectRecord> PutPlainAsync()
    {
        await _root.PutAsync("box", "k");
        return (await _server.Store.HeadAsync("box", "k"))!;
    }

    private Task SetVersioningAsync(VersionStatus status)
        => _root.PutBucketVersioningAsync(new() { BucketName = "box", VersioningConfig = new() { Status = status } });
}
