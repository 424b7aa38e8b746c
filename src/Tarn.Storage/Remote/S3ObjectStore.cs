using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Storage.Cache;
using Tarn.Storage.Local;

namespace Tarn.Storage.Remote;

/// <summary>
/// Objects in one bucket of any S3 service. What is read often is kept on the local disk, where the SQL engine reads it in place.
/// All other locations (after mapping) go to the local store, which also holds staged files: tables from before a move stay readable.
/// Listings come in the order of the keys' UTF-8 bytes, as S3 gives them.
/// </summary>
public sealed partial class S3ObjectStore : IObjectStore, IDisposable
{
    private readonly Lazy<AmazonS3Client> _client;
    private readonly LocalObjectStore _local;
    private readonly LocationMap _map;
    private readonly DiskCache _cache;
    private readonly S3StorageOptions _options;
    private volatile bool _isVerified;

    /// <summary>Opens a store; nothing is sent and no keys are looked for before an object is asked for that the cache cannot give.</summary>
    /// <param name="options">The service and the bucket.</param>
    /// <param name="local">Where files are staged and where other locations lie; stays the caller's.</param>
    /// <param name="cache">The disk cache; stays the caller's.</param>
    /// <param name="map">Prefixes of locations that lie elsewhere; null for none.</param>
    /// <exception cref="TarnException">InvalidRequest for wrong options. Later calls: Unauthenticated when no keys are found.</exception>
    public S3ObjectStore(S3StorageOptions options, LocalObjectStore local, DiskCache cache, LocationMap? map = null)
    {
        options.Validate();
        // Looking for keys and building a client take longer than a query whose files are all in the cache.
        _client = new Lazy<AmazonS3Client>(() => S3Clients.Create(options));
        _local = local;
        _cache = cache;
        _map = map ?? LocationMap.Empty;
        _options = options;
    }

    private AmazonS3Client Client => _client.Value;

    /// <summary>Checks that the bucket answers and that the store keeps what conditional writes promise.</summary>
    /// <exception cref="TarnException">NotFound, PermissionDenied, Unavailable; Unsupported when the store ignores <c>If-None-Match</c>.</exception>
    public async ValueTask VerifyAsync(CancellationToken cancellationToken = default)
    {
        await new ConditionalWriteProbe(Client, _options).RunAsync(cancellationToken).ConfigureAwait(false);
        _isVerified = true;
    }

    /// <inheritdoc/>
    public string PlaceOf(string location) => _map.Map(location) is var mapped && S3Location.IsBucket(mapped) ? mapped : _local.PlaceOf(location);

    /// <inheritdoc/>
    /// <remarks>The bucket of the store is asked when the store is verified.</remarks>
    public string? FindMissingBucket(string location) => TryFind(location, out _) ? null : _local.FindMissingBucket(location);

    /// <inheritdoc/>
    public async ValueTask<ObjectStat?> HeadAsync(string location, CancellationToken cancellationToken = default)
    {
        if (!TryFind(location, out var place))
            return await _local.HeadAsync(location, cancellationToken).ConfigureAwait(false);
        if (place.Key.Length == 0 || place.Key.EndsWith('/'))
            return null;
        return await FindAsync(location, place, cancellationToken).ConfigureAwait(false) is { } found
            ? new ObjectStat(location, found.SizeBytes, found.LastModified)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string location, CancellationToken cancellationToken = default)
    {
        if (!TryFind(location, out var place))
        {
            await _local.DeleteAsync(location, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await Client.DeleteObjectAsync(place.Bucket, place.Key, cancellationToken).ConfigureAwait(false);
            _cache.Forget(Identity(place));
        }
        catch (AmazonS3Exception error) when (S3Failures.IsMissing(error))
        {
            // Some stores answer 404 for a key that is not there; the caller's wish is fulfilled.
            return;
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            throw S3Failures.Translate(error, $"Cannot delete '{location}'");
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectStat> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!TryFind(prefix, out var place, isPrefix: true))
        {
            await foreach (var stat in _local.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
                yield return stat;
            yield break;
        }

        var request = new ListObjectsV2Request { BucketName = place.Bucket, Prefix = place.Key };
        await foreach (var page in Client.ListPagesAsync(request, $"Cannot list '{prefix}'", cancellationToken).ConfigureAwait(false))
        {
            foreach (var found in page.S3Objects ?? [])
            {
                if (!found.Key.EndsWith('/'))
                    yield return new ObjectStat(prefix + found.Key[place.Key.Length..], found.Size ?? 0, S3Requests.Time(found.LastModified));
            }
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    // Before the first conditional write; several at once may each ask, which does no harm.
    private ValueTask VerifyOnceAsync(CancellationToken cancellationToken) => _isVerified ? ValueTask.CompletedTask : VerifyAsync(cancellationToken);

    private bool TryFind(string location, out S3Location place, bool isPrefix = false)
    {
        string mapped = _map.Map(location);
        place = default;
        if (!S3Location.IsBucket(mapped))
            return false;
        place = S3Location.Parse(location, mapped, isPrefix);
        return place.Bucket == _options.Bucket;
    }

    private async ValueTask<RemoteObject?> FindAsync(string location, S3Location place, CancellationToken cancellationToken) =>
        await Client.FindAsync(place.Bucket, place.Key, $"Cannot look at '{location}'", cancellationToken).ConfigureAwait(false) is { } head
            ? new RemoteObject(head.ETag, head.ContentLength, S3Requests.Time(head.LastModified))
            : null;

    // What the cache knows an object by: its place after mapping, so that two names of one object share their bytes.
    private static string Identity(S3Location place) => $"s3://{place.Bucket}/{place.Key}";

    private sealed record RemoteObject(string ETag, long SizeBytes, DateTimeOffset LastModified);
}
