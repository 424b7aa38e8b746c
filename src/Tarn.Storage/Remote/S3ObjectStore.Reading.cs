using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Storage.Cache;

namespace Tarn.Storage.Remote;

public sealed partial class S3ObjectStore
{
    // Big objects come in parallel ranges: one connection alone rarely fills the line.
    private const int RangeBytes = 8 << 20;
    private const int RangesAtOnce = 4;
    private const int CopyBufferBytes = 128 << 10;

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(string location, CancellationToken cancellationToken = default)
    {
        if (!TryFind(location, out _))
            return await _local.ReadAsync(location, cancellationToken).ConfigureAwait(false);
        using var lease = await LeaseAsync(location, cancellationToken).ConfigureAwait(false);
        return await File.ReadAllBytesAsync(lease.Path, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadRangeAsync(string location, long offset, int length, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (!TryFind(location, out var place))
            return await _local.ReadRangeAsync(location, offset, length, cancellationToken).ConfigureAwait(false);
        place.RequireObject(location);
        var found = await RequireAsync(location, place, cancellationToken).ConfigureAwait(false);
        if (offset + length > found.SizeBytes)
            throw TarnException.Corrupted($"'{location}' is {found.SizeBytes} bytes long, and {length} bytes from offset {offset} were needed: it is truncated. Restore the object.");
        var buffer = GC.AllocateUninitializedArray<byte>(length);
        if (length == 0)
            return buffer;
        if (_cache.TryLease(Identity(place), found.ETag) is { } lease)
        {
            using (lease)
            using (var file = File.OpenHandle(lease.Path))
                ReadExactly(file, buffer, offset, location);
            return buffer;
        }

        await ReadRemoteAsync(location, place, found, offset, buffer, cancellationToken).ConfigureAwait(false);
        return buffer;
    }

    /// <inheritdoc/>
    public async ValueTask<LocalLease> LeaseAsync(string location, CancellationToken cancellationToken = default)
    {
        if (!TryFind(location, out var place))
            return await _local.LeaseAsync(location, cancellationToken).ConfigureAwait(false);
        place.RequireObject(location);
        string identity = Identity(place);
        if (_cache.TryLeaseVerified(identity) is { } known)
            return known;
        var found = await RequireAsync(location, place, cancellationToken).ConfigureAwait(false);
        var entry = new CachedObject(identity, found.ETag, found.SizeBytes);
        return await _cache.LeaseAsync(entry, (path, token) => DownloadAsync(location, place, found, path, token), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<RemoteObject> RequireAsync(string location, S3Location place, CancellationToken cancellationToken) =>
        await FindAsync(location, place, cancellationToken).ConfigureAwait(false)
        ?? throw TarnException.NotFound($"Cannot read '{location}': there is no such object in the remote store.");

    private async Task DownloadAsync(string location, S3Location place, RemoteObject found, string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, found.SizeBytes);
        var ranges = Enumerable.Range(0, (int)((found.SizeBytes + RangeBytes - 1) / RangeBytes)).Select(i => (long)i * RangeBytes);
        await Parallel.ForEachAsync(ranges, new ParallelOptions { MaxDegreeOfParallelism = RangesAtOnce, CancellationToken = cancellationToken }, async (offset, token) =>
            await DownloadRangeAsync(location, place, found, file, offset, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task DownloadRangeAsync(string location, S3Location place, RemoteObject found, SafeFileHandle file, long offset, CancellationToken cancellationToken)
    {
        long end = Math.Min(offset + RangeBytes, found.SizeBytes);
        try
        {
            using var response = await GetAsync(place, found, offset, end, cancellationToken).ConfigureAwait(false);
            var buffer = new byte[CopyBufferBytes];
            for (int read; (read = await response.ResponseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; offset += read)
                await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), offset, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            throw S3Failures.Translate(error, $"Cannot read '{location}'");
        }

        if (offset != end)
            throw new TarnException(ErrorKind.Unavailable, $"Cannot read '{location}': the remote store ended its answer after {offset} of {end} bytes.");
    }

    private async Task ReadRemoteAsync(string location, S3Location place, RemoteObject found, long offset, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await GetAsync(place, found, offset, offset + buffer.Length, cancellationToken).ConfigureAwait(false);
            await response.ResponseStream.ReadExactlyAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            throw S3Failures.Translate(error, $"Cannot read '{location}'");
        }
    }

    // The precondition keeps the pieces of one download from being those of two objects.
    private Task<GetObjectResponse> GetAsync(S3Location place, RemoteObject found, long offset, long end, CancellationToken cancellationToken) =>
        _client.GetObjectAsync(
            new GetObjectRequest { BucketName = place.Bucket, Key = place.Key, EtagToMatch = found.ETag, ByteRange = new ByteRange(offset, end - 1) },
            cancellationToken);

    private static void ReadExactly(SafeFileHandle file, byte[] buffer, long offset, string location)
    {
        int read = 0;
        while (read < buffer.Length)
        {
            int more = RandomAccess.Read(file, buffer.AsSpan(read), offset + read);
            if (more == 0)
                throw TarnException.Corrupted($"The cached copy of '{location}' ended after {offset + read} bytes while {offset + buffer.Length} were needed; remove the cache folder.");
            read += more;
        }
    }
}
