using Amazon.S3;
using Amazon.S3.Model;

namespace Tarn.Storage.Remote;

/// <summary>Brings a local file to the remote store: in one request, or in parts from 16 MiB on. Visible only when complete.</summary>
/// <param name="client">The service.</param>
/// <param name="place">The object to make.</param>
/// <param name="condition"><c>*</c> to fail when there is one already; null to replace it.</param>
/// <param name="sent">Told the bytes of each request that is done; may be called by several threads.</param>
internal sealed class S3Upload(AmazonS3Client client, S3Location place, string? condition, Action<long>? sent = null)
{
    private const long PartsFromBytes = 16 << 20;
    private const long LeastPartBytes = 8 << 20;

    // docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
    private const int PartLimit = 10_000;
    private const int PartsAtOnce = 4;

    /// <summary>What the object is known by once it is there.</summary>
    public WriteMark Mark { get; } = new();

    /// <summary>Sends the file.</summary>
    public Task RunAsync(string path, CancellationToken cancellationToken)
    {
        long sizeBytes = new FileInfo(path).Length;
        return sizeBytes < PartsFromBytes ? PutAsync(path, cancellationToken) : PutPartsAsync(path, sizeBytes, cancellationToken);
    }

    private async Task PutAsync(string path, CancellationToken cancellationToken)
    {
        var request = new PutObjectRequest { BucketName = place.Bucket, Key = place.Key, FilePath = path, IfNoneMatch = condition };
        if (condition is not null)
            Mark.Put(request.Metadata);
        await client.PutObjectAsync(request, cancellationToken).ConfigureAwait(false);
        sent?.Invoke(new FileInfo(path).Length);
    }

    private async Task PutPartsAsync(string path, long sizeBytes, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = place.Bucket, Key = place.Key };
        if (condition is not null)
            Mark.Put(request.Metadata);
        var begun = await client.InitiateMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            long partBytes = Math.Max(LeastPartBytes, (sizeBytes + PartLimit - 1) / PartLimit);
            var parts = new PartETag[(sizeBytes + partBytes - 1) / partBytes];
            await Parallel.ForEachAsync(Enumerable.Range(0, parts.Length), new ParallelOptions { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancellationToken }, async (i, token) =>
            {
                var part = Part(path, begun.UploadId, i, partBytes, sizeBytes);
                parts[i] = new PartETag(i + 1, (await client.UploadPartAsync(part, token).ConfigureAwait(false)).ETag);
                sent?.Invoke(part.PartSize ?? 0);
            }).ConfigureAwait(false);
            await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = place.Bucket, Key = place.Key, UploadId = begun.UploadId, PartETags = [.. parts], IfNoneMatch = condition },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await AbortAsync(begun.UploadId).ConfigureAwait(false);
            throw;
        }
    }

    private UploadPartRequest Part(string path, string uploadId, int index, long partBytes, long sizeBytes) => new()
    {
        BucketName = place.Bucket,
        Key = place.Key,
        UploadId = uploadId,
        PartNumber = index + 1,
        FilePath = path,
        FilePosition = index * partBytes,
        PartSize = Math.Min(partBytes, sizeBytes - (index * partBytes)),
    };

    private async Task AbortAsync(string uploadId)
    {
        try
        {
            await client.AbortMultipartUploadAsync(place.Bucket, place.Key, uploadId, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            // The first failure is on its way to the caller; the store's own rules remove old uploads.
            return;
        }
    }
}
