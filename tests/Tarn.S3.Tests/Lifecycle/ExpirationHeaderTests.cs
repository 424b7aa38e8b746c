using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using Tarn.S3.Tests.Hosting;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Tests.Lifecycle;

/// <summary>Answers say when a lifecycle rule will remove an object (<c>x-amz-expiration</c>).</summary>
public sealed class ExpirationHeaderTests : IAsyncLifetime
{
    private S3TestServer _server = null!;
    private AmazonS3Client _root = null!;

    public async Task InitializeAsync()
    {
        _server = await S3TestServer.StartAsync();
        _root = _server.Client();
        await _server.Store.CreateBucketAsync(new("box", DateTimeOffset.UnixEpoch)
        {
            Versioning = BucketVersioning.Enabled,
            Lifecycle = [new("rule 1", true) { Prefix = "logs/", ExpirationDays = 1 }, new("dated", true) { Tags = ObjectRecord.NoTags.Add("k", "v"), ExpirationDate = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero) }],
        });
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Answers_AboutAnObjectThatARuleRemoves_NameTimeAndRule()
    {
        var put = await _root.PutAsync("box", "logs/a");
        Assert.Equal("rule 1", put.Expiration.RuleId);
        var midnight = Utc(put.Expiration);
        Assert.Equal(TimeSpan.Zero, midnight.TimeOfDay);
        Assert.InRange(midnight, DateTime.UtcNow.AddDays(1).AddMinutes(-1), DateTime.UtcNow.AddDays(2));
        Assert.Equal("rule 1", (await _root.GetObjectAsync("box", "logs/a")).Expiration.RuleId);
        Assert.Equal("rule 1", (await _root.GetObjectMetadataAsync("box", "logs/a")).Expiration.RuleId);
        var upload = await _root.InitiateMultipartUploadAsync("box", "logs/b");
        var part = await _root.UploadPartAsync(new UploadPartRequest { BucketName = "box", Key = "logs/b", UploadId = upload.UploadId, PartNumber = 1, InputStream = new MemoryStream([1]) });
        var completed = await _root.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = "box", Key = "logs/b", UploadId = upload.UploadId, PartETags = [new(1, part.ETag)] });
        Assert.Equal("rule 1", completed.Expiration.RuleId);
    }

    [Fact]
    public async Task Answers_AboutOthers_NameNone()
    {
        var put = await _root.PutAsync("box", "kept");
        Assert.Null(put.Expiration);
        Assert.Null((await _root.GetObjectMetadataAsync("box", "kept")).Expiration);
        var versioned = await _root.PutAsync("box", "logs/a");
        Assert.Null((await _root.GetObjectMetadataAsync("box", "logs/a", versioned.VersionId)).Expiration);
    }

    [Fact]
    public async Task Answers_AfterTagging_FollowTheTags()
    {
        await _root.PutAsync("box", "kept");
        await _root.PutObjectTaggingAsync(new PutObjectTaggingRequest { BucketName = "box", Key = "kept", Tagging = new() { TagSet = [new() { Key = "k", Value = "v" }] } });
        Assert.Equal(("dated", new DateTime(2999, 1, 1)), ((await _root.GetObjectMetadataAsync("box", "kept")).Expiration is var e ? (e.RuleId, Utc(e)) : default));
    }

    private static DateTime Utc(Expiration expiration) => Convert.ToDateTime(expiration.ExpiryDate, CultureInfo.InvariantCulture).ToUniversalTime();
}
