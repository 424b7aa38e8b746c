using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    // A file without a record may belong to a request that is under way for so long.
    private static readonly TimeSpan s_orphanAge = TimeSpan.FromHours(1);

    // How long a client may go on asking what its upload became.
    private static readonly TimeSpan s_completedAge = TimeSpan.FromDays(7);

    /// <summary>
    /// Removes files that no version or part refers to, which a crash in the moment of a deletion can leave, and forgets uploads completed long ago.
    /// </summary>
    /// <returns>Number of files removed.</returns>
    public async Task<long> RemoveOrphansAsync(CancellationToken cancellationToken = default)
    {
        long removed = 0;
        foreach (string bucket in _buckets.Keys)
        {
            using var use = Enter(bucket);
            var referred = ReferredFiles(bucket);
            ulong youngest = SequenceBefore(s_orphanAge);
            foreach (var (path, id) in OwnFiles(bucket).Where(f => f.Id < youngest && !referred.Contains(f.Id)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                _files.DeleteFile(path);
                removed++;
            }

            await ForgetCompletedAsync(bucket, cancellationToken).ConfigureAwait(false);
        }

        return removed;
    }

    /// <summary>Compares the checksum of a version's bytes with the one it was stored with, or keeps it when there was none.</summary>
    /// <returns>What is wrong with the version; null when nothing is.</returns>
    internal async ValueTask<string?> KeepChecksumAsync(string bucket, ObjectRecord record, uint checksum, CancellationToken cancellationToken)
    {
        using var use = Enter(bucket);
        using var held = await _keys.EnterAsync(bucket, record.Key, cancellationToken).ConfigureAwait(false);
        var current = await ReconcileAsync(use.Bucket, held, record.Key, cancellationToken).ConfigureAwait(false);
        if (Find(bucket, record.Key, record.VersionId, current) is not { } stored || stored.Record.ETag != record.ETag || stored.Record.LastModified != record.LastModified)
            return null; // replaced meanwhile
        if (stored.Crc32C == checksum)
            return null;
        string? damage = stored.Crc32C is { } expected ? $"its bytes have the CRC-32C {checksum:x8} instead of {expected:x8} (found {_time.GetUtcNow():u})" : null;
        var change = new ObjectChange(_folders, bucket);
        change.Write(stored with { Crc32C = stored.Crc32C ?? checksum, Damage = damage });
        await ApplyAsync(change, held, cancellationToken).ConfigureAwait(false);
        return damage;
    }

    private ulong SequenceBefore(TimeSpan age) => (ulong)((_time.GetUtcNow() - age - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    private HashSet<ulong> ReferredFiles(string bucket)
    {
        var referred = new HashSet<ulong>();
        using var walk = new KeyWalk(_index.OpenCursor(), IndexKeys.Objects(bucket), [], []);
        for (bool isThere = walk.SeekFirst(); isThere; isThere = walk.MoveNext())
        {
            var stored = ObjectCodec.Read("", IndexKeys.ReadSequence(walk.Rest), walk.Value);
            if (stored.Place == ObjectPlace.Own)
                referred.Add(stored.FileId);
        }

        byte[] parts = IndexKeys.PartsOf(bucket);
        using var cursor = _index.OpenCursor();
        for (bool isThere = cursor.Seek(parts); isThere && cursor.Key.StartsWith(parts); isThere = cursor.MoveNext())
            referred.Add(UploadCodec.ReadPart(IndexKeys.ReadPartNumber(cursor.Key), cursor.Value).FileId);
        return referred;
    }

    private IEnumerable<(string Path, ulong Id)> OwnFiles(string bucket)
    {
        string root = _folders.Absolute(BucketFolders.Own(bucket));
        foreach (var folder in _files.Enumerate(root).Where(e => e.IsFolder))
        {
            foreach (var file in _files.Enumerate(Path.Join(root, folder.Path)))
            {
                if (ulong.TryParse(file.Path, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out ulong id))
                    yield return (Path.Join(root, folder.Path, file.Path), id);
            }
        }
    }

    private async ValueTask ForgetCompletedAsync(string bucket, CancellationToken cancellationToken)
    {
        byte[] prefix = IndexKeys.CompletedOf(bucket);
        ulong youngest = SequenceBefore(s_completedAge);
        var batch = new IndexBatch { FreesRoom = true };
        foreach (byte[] key in KeysUnder(prefix))
        {
            if (VersionIds.TryParse(ObjectKeys.Decode(key.AsSpan(prefix.Length)), out ulong sequence, out _) && sequence < youngest)
                batch.Remove(key);
        }

        if (batch.Changes.Count > 0)
            await _index.CommitAsync(batch, cancellationToken).ConfigureAwait(false);
    }
}
