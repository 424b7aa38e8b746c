using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;
using Tarn.Core.Errors;
using Tarn.Core.Files;

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
    /// <exception cref="TarnException">Unavailable when the answer ends too early; the file cannot be written. Other failures come as the SDK throws them.</exception>
    public async Task RunAsync(string path, Action<long>? arrived, CancellationToken cancellationToken)
    {
        using var file = Create(path);
        var ranges = Enumerable.Range(0, (int)((sizeBytes + RangeBytes - 1) / RangeBytes)).Select(i => (long)i * RangeBytes);
        await Parallel.ForEachAsync(ranges, new ParallelOptions { MaxDegreeOfParallelism = RangesAtOnce, CancellationToken = cancellationToken }, async (offset, token) =>
            await RunRangeAsync(path, file, offset, arrived, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Opens a part of the object.</summary>
    public Task<GetObjectResponse> OpenAsync(long offset, long end, CancellationToken cancellationToken) => client.GetObjectAsync(
        new GetObjectRequest { BucketName = place.Bucket, Key = place.Key, EtagToMatch = etag, ByteRange = new ByteRange(offset, end - 1) },
        cancellationToken);

    private SafeFileHandle Create(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, sizeBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(error, path);
        }
    }

    private async Task RunRangeAsync(string path, SafeFileHandle file, long offset, Action<long>? arrived, CancellationToken cancellationToken)
    {
        long end = Math.Min(offset + RangeBytes, sizeBytes);
        using var response = await OpenAsync(offset, end, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[CopyBufferBytes];
        for (int read; (read = await response.ResponseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; offset += read)
        {
            await WriteAsync(path, file, buffer.AsMemory(0, read), offset, cancellationToken).ConfigureAwait(false);
            arrived?.Invoke(read);
        }

        if (offset != end)
            throw new TarnException(ErrorKind.Unavailable, $"Cannot read 's3://{place.Bucket}/{place.Key}': the remote store ended its answer after {offset} of {end} bytes.");
    }

    // Told here: the caller takes other failures of input and output for those of the connection.
    private async ValueTask WriteAsync(string path, SafeFileHandle file, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(file, bytes, offset, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(error, path);
        }
    }

    private TarnException CannotWrite(Exception error, string path) => FileErrors.Translate(error, $"Cannot bring 's3://{place.Bucket}/{place.Key}' to the disk", path);
}
