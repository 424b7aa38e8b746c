using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;
using Tarn.Core.Errors;

namespace Tarn.Storage.Remote;

/// <summary>Brings an object to a local file, big ones in parallel ranges: one connection alone rarely fills the line.</summary>
/// <param name="client">The service.</param>
/// <param name="place">The object.</param>
/// <param name="etag">Its ETag: keeps the pieces of one download from being those of two objects.</param>
/// <param name="sizeBytes">Its length.</param>
internal sealed class S3Download(AmazonS3Client client, S3Location place, string etag, long sizeBytes)
{
    private const int RangeBytes = 8 << 20;
    private const int RangesAtOnce = 4;
    private const int CopyBufferBytes = 128 << 10;

    /// <summary>Writes all bytes to a new file.</summary>
    /// <param name="path">The file; must not exist.</param>
    /// <param name="arrived">Told the bytes of each piece; may be called by several threads.</param>
    /// <param name="cancellationToken">Cancels; what is written stays for the caller to remove.</param>
    /// <exception cref="TarnException">Unavailable when the answer ends too early. Other failures come as the SDK throws them.</exception>
    public async Task RunAsync(string path, Action<long>? arrived, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, sizeBytes);
        var ranges = Enumerable.Range(0, (int)((sizeBytes + RangeBytes - 1) / RangeBytes)).Select(i => (long)i * RangeBytes);
        await Parallel.ForEachAsync(ranges, new ParallelOptions { MaxDegreeOfParallelism = RangesAtOnce, CancellationToken = cancellationToken }, async (offset, token) =>
            await RunRangeAsync(file, offset, arrived, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Opens a part of the object.</summary>
    public Task<GetObjectResponse> OpenAsync(long offset, long end, CancellationToken cancellationToken) => client.GetObjectAsync(
        new GetObjectRequest { BucketName = place.Bucket, Key = place.Key, EtagToMatch = etag, ByteRange = new ByteRange(offset, end - 1) },
        cancellationToken);

    private async Task RunRangeAsync(SafeFileHandle file, long offset, Action<long>? arrived, CancellationToken cancellationToken)
    {
        long end = Math.Min(offset + RangeBytes, sizeBytes);
        using var response = await OpenAsync(offset, end, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[CopyBufferBytes];
        for (int read; (read = await response.ResponseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; offset += read)
        {
            await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), offset, cancellationToken).ConfigureAwait(false);
            arrived?.Invoke(read);
        }

        if (offset != end)
            throw new TarnException(ErrorKind.Unavailable, $"Cannot read 's3://{place.Bucket}/{place.Key}': the remote store ended its answer after {offset} of {end} bytes.");
    }
}
