using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Tarn.Core.Errors;
using Tarn.Storage.Remote;
using S3Location = Tarn.Storage.Remote.S3Location;

namespace Tarn.Storage.Transfer;

/// <summary>An object, or all objects with a prefix, in a bucket.</summary>
/// <param name="service">The service.</param>
/// <param name="bucket">The bucket; empty for the service itself.</param>
/// <param name="key">Key or prefix; empty for the whole bucket.</param>
/// <param name="text">The place as the user wrote it.</param>
public sealed class S3End(S3Service service, string bucket, string key, string text) : TransferEnd
{
    // Greater objects cannot be copied by one request: docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
    private const long CopyLimitBytes = 5L << 30;

    /// <summary>The service.</summary>
    public S3Service Service => service;

    /// <summary>The bucket; empty for the service itself.</summary>
    public string Bucket => bucket;

    /// <summary>Key or prefix; empty for the whole bucket.</summary>
    public string Key => key;

    /// <inheritdoc/>
    public override string Text => text;

    /// <inheritdoc/>
    public override bool IsFolder => key.Length == 0 || key.EndsWith('/');

    /// <inheritdoc/>
    public override string LastName => key.TrimEnd('/').Split('/')[^1];

    /// <inheritdoc/>
    public override S3End Below(string name) => new(service, bucket, Folder + name, $"{text.TrimEnd('/')}/{name}");

    /// <summary>What keys below the place begin with: those below <c>a/b</c> with <c>a/b/</c>, not with <c>a/bc</c>; empty for the whole bucket.</summary>
    public string Folder => IsFolder ? key : key + "/";

    /// <inheritdoc/>
    public override bool Contains(TransferEnd other) =>
        other is S3End end && (end.Service.Name, end.Bucket) == (service.Name, bucket)
        && (key.Length == 0 || (end.Key.TrimEnd('/') + "/").StartsWith(key.TrimEnd('/') + "/", StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override async ValueTask<string?> ReadStateAsync(CancellationToken cancellationToken) =>
        await service.FindAsync(bucket, key, cancellationToken).ConfigureAwait(false) is { } head ? $"{head.ETag} {head.LastModified:O}" : null;

    /// <inheritdoc/>
    protected override async ValueTask<bool> IsSeenAtAsync(TransferEnd other, CancellationToken cancellationToken) =>
        // A service may be reached by an alias and by its address. What was just written here is then also what the other name shows.
        other is S3End end && (end.Bucket, end.Key) == (bucket, key)
        && await ReadStateAsync(cancellationToken).ConfigureAwait(false) == await end.ReadStateAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async ValueTask<TransferItem?> FindAsync(CancellationToken cancellationToken)
    {
        if (IsFolder)
            return null;
        var head = await service.FindAsync(bucket, key, cancellationToken).ConfigureAwait(false);
        return head is null ? null : new TransferItem("", head.ContentLength, S3Service.Time(head.LastModified));
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<TransferItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in service.ListAsync(bucket, Folder, cancellationToken).ConfigureAwait(false))
        {
            // Tools that show folders leave empty objects whose key ends with a slash.
            if (!found.Key.EndsWith('/'))
                yield return new TransferItem(found.Key[Folder.Length..], found.Size ?? 0, S3Service.Time(found.LastModified));
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(CancellationToken cancellationToken) =>
        await service.CallAsync(client => client.DeleteObjectAsync(bucket, key, cancellationToken), $"Cannot delete '{text}'").ConfigureAwait(false);

    /// <inheritdoc/>
    public override async ValueTask CopyFromAsync(TransferEnd source, TransferItem item, Action<long> moved, CancellationToken cancellationToken)
    {
        if (source is LocalEnd local)
        {
            await UploadAsync(local.FullPath, moved, cancellationToken).ConfigureAwait(false);
            return;
        }

        var remote = (S3End)source;
        if (remote.Service.Name == service.Name && item.SizeBytes <= CopyLimitBytes)
        {
            var request = new CopyObjectRequest { SourceBucket = remote.Bucket, SourceKey = remote.Key, DestinationBucket = bucket, DestinationKey = key };
            await service.CallAsync(client => client.CopyObjectAsync(request, cancellationToken), $"Cannot copy '{source.Text}' to '{text}'").ConfigureAwait(false);
            moved(item.SizeBytes);
            return;
        }

        await CopyThroughDiskAsync(remote, item, moved, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the object to a new local file.</summary>
    /// <returns>When the object was written.</returns>
    internal async Task<DateTimeOffset> DownloadAsync(TransferItem item, string path, Action<long> moved, CancellationToken cancellationToken)
    {
        var head = await service.FindAsync(bucket, key, cancellationToken).ConfigureAwait(false)
            ?? throw TarnException.NotFound($"Cannot read '{text}': there is no such object.");
        await service.CallAsync(
            async client =>
            {
                await new S3Download(client, new S3Location(bucket, key), head.ETag, head.ContentLength).RunAsync(path, moved, cancellationToken).ConfigureAwait(false);
                return item;
            },
            $"Cannot read '{text}'").ConfigureAwait(false);
        return S3Service.Time(head.LastModified);
    }

    private async Task UploadAsync(string path, Action<long> moved, CancellationToken cancellationToken) => await service.CallAsync(
        async client =>
        {
            await new S3Upload(client, new S3Location(bucket, key), condition: null, moved).RunAsync(path, cancellationToken).ConfigureAwait(false);
            return path;
        },
        $"Cannot write '{text}'").ConfigureAwait(false);

    private async Task CopyThroughDiskAsync(S3End source, TransferItem item, Action<long> moved, CancellationToken cancellationToken)
    {
        string path = Path.Join(Path.GetTempPath(), $"tarn-copy-{Guid.NewGuid():N}");
        try
        {
            await source.DownloadAsync(item, path, static _ => { }, cancellationToken).ConfigureAwait(false);
            await UploadAsync(path, moved, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
