using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <inheritdoc/>
    public async ValueTask<ObjectRecord?> HeadAsync(string bucket, string key, string? versionId = null, CancellationToken cancellationToken = default)
    {
        using var use = Enter(bucket);
        var found = await LookUpAsync(use.Bucket, key, versionId, static (_, _) => (object?)null, cancellationToken).ConfigureAwait(false);
        return found?.Record;
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectReader?> OpenAsync(string bucket, string key, string? versionId = null, CancellationToken cancellationToken = default)
    {
        using var use = Enter(bucket);
        var found = await LookUpAsync(use.Bucket, key, versionId, OpenFile, cancellationToken).ConfigureAwait(false);
        return found is null ? null : new OpenObject(found.Value.Record, found.Value.Opened, found.Value.Crc32C);
    }

    /// <summary>
    /// Finds a version and opens what <paramref name="open"/> opens. First without a lock: when nothing of the key changed meanwhile, record and file
    /// belong together. Otherwise, and when a plain file is not the one that was recorded, under the lock of the key.
    /// </summary>
    private async ValueTask<Found<T>?> LookUpAsync<T>(
        BucketState bucket, string key, string? versionId, Func<string, StoredObject, T?> open, CancellationToken cancellationToken)
        where T : class
    {
        ObjectKeys.Require(key);
        cancellationToken.ThrowIfCancellationRequested();
        if (TryLookUp(bucket, key, versionId, open, out var found))
            return found;
        using var held = await _keys.EnterAsync(bucket.Name, key, cancellationToken).ConfigureAwait(false);
        var current = await ReconcileAsync(bucket, held, key, cancellationToken).ConfigureAwait(false);
        return Find(bucket.Name, key, versionId, current) is { } stored ? Opened(bucket.Name, stored, current, open) : null;
    }

    private bool TryLookUp<T>(BucketState bucket, string key, string? versionId, Func<string, StoredObject, T?> open, out Found<T>? found)
        where T : class
    {
        found = null;
        var state = _keys.ReadState(bucket.Name, key);
        if (state is null)
            return false;
        var current = FindCurrent(bucket.Name, key);
        if (!IsAsRecorded(bucket.Name, key, current))
            return false;
        T? opened = null;
        try
        {
            if (Find(bucket.Name, key, versionId, current) is { } stored)
                found = Opened(bucket.Name, stored, current, open);
            opened = found?.Opened;
        }
        catch (BucketStoreException) when (_keys.ReadState(bucket.Name, key) != state)
        {
            // The file was on its way elsewhere; under the lock it stands still.
            return false;
        }

        if (_keys.ReadState(bucket.Name, key) == state)
            return true;
        (opened as IDisposable)?.Dispose();
        found = null;
        return false;
    }

    private StoredObject? Find(string bucket, string key, string? versionId, StoredObject? current)
    {
        if (versionId is null || current is null || current.Record.VersionId == versionId)
            return current;
        return FindVersion(bucket, key, versionId);
    }

    private static Found<T> Opened<T>(string bucket, StoredObject stored, StoredObject? current, Func<string, StoredObject, T?> open)
        where T : class
    {
        var record = stored.Sequence == current?.Sequence ? stored.Record with { IsLatest = true } : stored.Record;
        return new Found<T>(record, stored.Crc32C, open(bucket, stored));
    }

    private IFileHandle? OpenFile(string bucket, StoredObject stored)
    {
        if (stored.Place == ObjectPlace.None)
            return null;
        if (stored.Damage is { } damage)
            throw Damaged(bucket, stored, damage);
        string path = AbsolutePath(bucket, stored);
        try
        {
            var file = _files.OpenRead(path);
            if (file.LengthBytes == stored.Record.SizeBytes)
                return file;
            long length = file.LengthBytes;
            file.Dispose();
            throw Damaged(bucket, stored, path, $"is {length} bytes long instead of {stored.Record.SizeBytes}");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Damaged(bucket, stored, path, "is missing", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Translate(error, $"Cannot read the object '{stored.Record.Key}' of the bucket '{bucket}'", path);
        }
    }

    private static BucketStoreException Damaged(string bucket, StoredObject stored, string path, string state, Exception? cause = null)
    {
        var local = new TarnException(ErrorKind.DataCorrupted, $"its file '{path}' {state}", cause) { ClientMessage = $"its file {state}" };
        return Damaged(bucket, stored, local.Message, local);
    }

    private static BucketStoreException Damaged(string bucket, StoredObject stored, string reason, Exception? cause = null) => new(
        BucketFault.ObjectDamaged, $"The object '{stored.Record.Key}' (version {stored.Record.VersionId}) of the bucket '{bucket}' is damaged: {reason}. Restore the file from a backup, or put the object again.", cause);

    private readonly record struct Found<T>(ObjectRecord Record, uint? Crc32C, T? Opened)
        where T : class;
}
