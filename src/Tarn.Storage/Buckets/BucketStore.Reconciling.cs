using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tarn.Core.Checksums;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Events;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;
using Tarn.Storage.Local;

namespace Tarn.Storage.Buckets;

/// <summary>Files that somebody else wrote, replaced or deleted in the folder of a bucket.</summary>
public sealed partial class BucketStore
{
    private const int ChecksumBufferBytes = 1 << 20;

    /// <summary>Whether the plain file of a key is what the index says: the one recorded, or none.</summary>
    private bool IsAsRecorded(string bucket, string key, StoredObject? current) => IsRecorded(current, StatPlain(bucket, key));

    private static bool IsRecorded(StoredObject? current, FileStat? stat) => current?.Place == ObjectPlace.Plain
        ? stat is not null && stat.SizeBytes == current.Record.SizeBytes && stat.LastModified == current.FileModified
        : stat is null;

    private FileStat? StatPlain(string bucket, string key)
    {
        string path = bucket;
        try
        {
            if (_folders.Plain(bucket, key) is not { } plain)
                return null;
            path = _folders.Absolute(plain);
            return _files.Stat(path) is { IsFolder: false } stat ? stat : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Translate(error, $"Cannot look at the object '{key}' of the bucket '{bucket}'", path);
        }
    }

    /// <summary>
    /// Brings the index in line with the plain file of a key: a file that was not put becomes an object, one that was replaced another object, and one that
    /// vanished from the lake is no object any more. Elsewhere a missing file is damage, for nobody but this store has a right to delete there, and so is an
    /// uploaded one whose length changed while its time did not, for nobody wrote it.
    /// </summary>
    /// <returns>The newest version then.</returns>
    private async ValueTask<StoredObject?> ReconcileAsync(
        BucketState bucket, KeyLocks.Held held, string key, CancellationToken cancellationToken, bool isDeletionKnown = false)
    {
        var current = FindCurrent(bucket.Name, key);
        var stat = StatPlain(bucket.Name, key);
        if (!IsRecorded(current, stat) && stat is not null && _links.IsReachedByLink(bucket.Name, _folders.Plain(bucket.Name, key)![(bucket.Name.Length + 1)..]))
            stat = null;
        if (IsRecorded(current, stat))
            return current;
        if (stat is null)
            return bucket.Name == LocalObjectStore.LakeBucket || isDeletionKnown
                ? await ForgetAsync(bucket, held, current!, cancellationToken).ConfigureAwait(false)
                : current;
        if (IsCutOff(bucket.Name, current, stat))
            return current;
        if (current is { Place: ObjectPlace.Plain } && stat.SizeBytes == current.Record.SizeBytes && current.Crc32C is { } crc && ComputeCrc32C(bucket.Name, key) == crc)
            return await TouchAsync(bucket, held, current with { FileModified = stat.LastModified }, cancellationToken).ConfigureAwait(false);
        return await AdoptAsync(bucket, held, key, stat, current, cancellationToken).ConfigureAwait(false);
    }

    // Programs that write a file change its time; failing disks and file systems under repair do not. In the lake two writers may share a tick of the clock.
    private static bool IsCutOff(string bucket, StoredObject? current, FileStat stat) =>
        bucket != LocalObjectStore.LakeBucket && current is { Place: ObjectPlace.Plain }
        && stat.SizeBytes != current.Record.SizeBytes && stat.LastModified == current.FileModified && IsUploaded(current.Record);

    // A file that was found has the ETag of its name, length and time.
    private static bool IsUploaded(ObjectRecord record) => record.ETag != AdoptedETag(record.Key, record.SizeBytes, record.LastModified);

    private async ValueTask<StoredObject?> ForgetAsync(BucketState bucket, KeyLocks.Held held, StoredObject gone, CancellationToken cancellationToken)
    {
        // All files are missing when the data folder is: then nothing was deleted, and what the index knows of them must stay.
        if (_files.Stat(_folders.Staging) is null)
            throw StoreErrors.Translate(new DirectoryNotFoundException(), $"Cannot look at the object '{gone.Record.Key}' of the bucket '{bucket.Name}'", _folders.Staging);
        var change = new ObjectChange(_folders, bucket.Name) { FreesRoom = true };
        change.RemoveVersion(gone, keepsFile: true);
        change.Place(new LeaveFile(change.PathOf(gone)));
        if (KeyPaths.Unescaped(gone.Record.Key) is { } unescaped)
            change.Place(new LeaveFile(BucketFolders.Below(bucket.Name, unescaped)));
        await ApplyAsync(change, held, cancellationToken).ConfigureAwait(false);
        Tell(ObjectEventKind.Delete, bucket.Name, gone.Record);
        return FindCurrent(bucket.Name, gone.Record.Key);
    }

    private async ValueTask<StoredObject> TouchAsync(BucketState bucket, KeyLocks.Held held, StoredObject stored, CancellationToken cancellationToken)
    {
        var change = new ObjectChange(_folders, bucket.Name);
        change.Write(stored);
        await ApplyAsync(change, held, cancellationToken).ConfigureAwait(false);
        return stored;
    }

    private async ValueTask<StoredObject> AdoptAsync(
        BucketState bucket, KeyLocks.Held held, string key, FileStat stat, StoredObject? current, CancellationToken cancellationToken)
    {
        var change = new ObjectChange(_folders, bucket.Name);
        var adopted = Adopted(bucket, key, stat);
        MakeRoom(bucket, change, current, key, PlainFile.IsTakenByOthers);
        change.AddVersion(adopted);
        change.Place(new LeaveFile(change.PathOf(adopted)));
        KeepSequence(change, adopted.Sequence);
        await ApplyAsync(change, held, cancellationToken).ConfigureAwait(false);
        if (current is { Place: ObjectPlace.Plain } && IsUploaded(current.Record))
            _options.Replaced?.Invoke(bucket.Name, current.Record);
        Tell(ObjectEventKind.Adopted, bucket.Name, adopted.Record with { IsLatest = true });
        return adopted;
    }

    private StoredObject Adopted(BucketState bucket, string key, FileStat stat)
    {
        ulong sequence = _sequences.Next(), token = _sequences.NextToken();
        bool isNull = bucket.Record.Versioning != BucketVersioning.Enabled;
        var record = new ObjectRecord(key, isNull ? ObjectRecord.NullVersionId : VersionIds.Format(sequence, token), stat.SizeBytes, stat.LastModified, AdoptedETag(key, stat.SizeBytes, stat.LastModified));
        return new StoredObject(record, sequence) { Token = token, Place = ObjectPlace.Plain, FileModified = stat.LastModified };
    }

    // Has the form of a multipart ETag, which nobody takes for the MD5 of the bytes, and is the same whenever it is computed.
    private static string AdoptedETag(string key, long sizeBytes, DateTimeOffset lastModified)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{key}\n{sizeBytes}\n{lastModified.UtcTicks}");
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text))) + "-1";
    }

    private uint ComputeCrc32C(string bucket, string key)
    {
        using var file = _files.OpenRead(_folders.Absolute(_folders.Plain(bucket, key)!));
        var buffer = new byte[(int)Math.Clamp(file.LengthBytes, 1, ChecksumBufferBytes)];
        uint crc = 0;
        long offset = 0;
        for (int read = file.Read(buffer, 0); read > 0; read = file.Read(buffer, offset))
        {
            crc = Crc32C.Append(crc, buffer.AsSpan(0, read));
            offset += read;
        }

        return crc;
    }

    /// <summary>What becomes of the plain file of the version that a new one supersedes.</summary>
    private enum PlainFile
    {
        /// <summary>The new version's file takes its place.</summary>
        IsReplaced,

        /// <summary>Nothing takes its place.</summary>
        IsFreed,

        /// <summary>Somebody else's file has taken its place already, and its bytes are lost.</summary>
        IsTakenByOthers,
    }
}
