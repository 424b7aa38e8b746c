using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Outside;
using Tarn.Storage.Buckets.Records;
using Tarn.Storage.Local;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    private static readonly byte[] s_sequenceKey = IndexKeys.Setting("sequence");

    // Batches become visible in another order than their numbers were given, by less than these microseconds.
    private const ulong SequenceMargin = 60_000_000;

    /// <summary>
    /// Opens the store of a data folder, and repeats what a crash interrupted. A missing index is made from the files that are there.
    /// </summary>
    /// <param name="dataFolder">An existing data folder.</param>
    /// <param name="options">Sizes; null for the defaults.</param>
    /// <param name="files">The disk; null for the operating system's.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="random">Source of the random half of ids; null for a cryptographic one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">Unavailable when another process has it open, naming it; DataCorrupted when the index is damaged.</exception>
    public static async ValueTask<BucketStore> OpenAsync(
        string dataFolder, BucketStoreOptions? options = null, IFileSystem? files = null, TimeProvider? time = null, Func<ulong>? random = null, CancellationToken cancellationToken = default)
    {
        files ??= PhysicalFileSystem.Instance;
        var folders = new BucketFolders(files, Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder)));
        IDisposable? ownership = null;
        try
        {
            var durable = new DurableFolders(files);
            durable.Ensure(folders.Index);
            durable.Ensure(folders.Staging);
            durable.Ensure(new OutsideChanges(files, folders.DataFolder).Folder);
            ownership = files.TryLock(folders.Lock, ProcessText.Current)
                ?? throw new TarnException(ErrorKind.Unavailable, $"The object store in '{folders.DataFolder}' is in use by process {files.ReadLockHolder(folders.Lock)}; stop it or talk to it.");
            var store = Open(files, folders, durable, options ?? new BucketStoreOptions(), time ?? TimeProvider.System, random, ownership);
            await store.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch (Exception error)
        {
            ownership?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw FileErrors.Translate(error, "Cannot open the object store", folders.DataFolder);
            throw;
        }
    }

    private static BucketStore Open(
        IFileSystem files, BucketFolders folders, DurableFolders durable, BucketStoreOptions options, TimeProvider time, Func<ulong>? random, IDisposable ownership)
    {
        var recovery = new Recovery(files, folders, durable);
        var limits = new IndexLimits(options.LogBytes, options.IndexMemoryBytes);
        var index = OrderedIndex.Open(files, folders.Index, limits, recovery.Replay);
        index.FinishRecovery(recovery.Redo);
        foreach (var left in files.Enumerate(folders.Staging))
            files.DeleteFile(Path.Join(folders.Staging, left.Path));
        return new BucketStore(files, folders, durable, index, options, time, random, ownership);
    }

    private async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        if (_index.Get(s_sequenceKey) is { } last)
        {
            int at = 0;
            _sequences.Pass(VarInt.Read(last, ref at) + SequenceMargin);
        }

        LoadBuckets();
        if (!_buckets.ContainsKey(LocalObjectStore.LakeBucket))
            await AddBucketAsync(new BucketRecord(LocalObjectStore.LakeBucket, _time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        if (_index.IsNew)
        {
            await AdoptEverythingAsync(cancellationToken).ConfigureAwait(false);
            SetAsideFiles = SetAside();
        }
    }

    private void LoadBuckets()
    {
        using var cursor = _index.OpenCursor();
        for (bool isThere = cursor.Seek(IndexKeys.Buckets); isThere && cursor.Key[0] == IndexKeys.Buckets[0]; isThere = cursor.MoveNext())
        {
            string name = ObjectKeys.Decode(cursor.Key[1..]);
            _buckets[name] = StateOf(BucketCodec.Read(name, cursor.Value));
        }
    }

    // Whatever bears a number must have a smaller one than all that come after a restart, also when the clock was set back meanwhile.
    private void KeepSequence(ObjectChange change, ulong sequence)
    {
        var value = new byte[VarInt.LongestBytes];
        change.Set(s_sequenceKey, value[..VarInt.Write(value, sequence)]);
    }
}
