using Microsoft.Win32.SafeHandles;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Storage.Cache;

namespace Tarn.Storage.Remote;

public sealed partial class S3ObjectStore
{
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
        // Under a name that is never given twice there is one content only.
        if (UniqueNames.IsUnique(place.Key) && _cache.TryLease(identity) is { } known)
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
        try
        {
            await new S3Download(Client, place, found.ETag, found.SizeBytes).RunAsync(path, arrived: null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            throw S3Failures.Translate(error, $"Cannot read '{location}'");
        }
    }

    private async Task ReadRemoteAsync(string location, S3Location place, RemoteObject found, long offset, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await new S3Download(Client, place, found.ETag, found.SizeBytes).OpenAsync(offset, offset + buffer.Length, cancellationToken).ConfigureAwait(false);
            await response.ResponseStream.ReadExactlyAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            throw S3Failures.Translate(error, $"Cannot read '{location}'");
        }
    }

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
