using System.Buffers;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

/// <summary>
/// Makes the index of a data folder usable again after damage: what can be read of it is kept, objects whose entries are lost come back from their files,
/// and files that nothing refers to any more are set aside, never deleted. The damaged index is kept, too.
/// </summary>
public static class BucketRepair
{
    /// <summary>Repairs the index of a data folder that no server has open. An index without damage is left as it is.</summary>
    /// <param name="dataFolder">An existing data folder.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="files">The disk; null for the operating system's.</param>
    /// <param name="cancellationToken">Cancels before anything is changed.</param>
    /// <exception cref="TarnException">Unavailable while a server has it open; NotFound without an index; Unsupported for a newer format.</exception>
    public static async Task<RepairOutcome> RunAsync(string dataFolder, TimeProvider? time = null, IFileSystem? files = null, CancellationToken cancellationToken = default)
    {
        files ??= PhysicalFileSystem.Instance;
        time ??= TimeProvider.System;
        var folders = new BucketFolders(files, Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder)));
        if (files.Stat(folders.Index) is null)
            throw TarnException.NotFound($"There is no object index in '{folders.DataFolder}'; 'tarn up' makes one from the files.");
        var outcome = new RepairOutcome();
        using (files.TryLock(folders.Lock, ProcessText.Current)
            ?? throw new TarnException(ErrorKind.Unavailable, $"The object store in '{folders.DataFolder}' is in use by process {files.ReadLockHolder(folders.Lock)}; stop it first."))
        {
            var salvage = IndexSalvage.Read(files, folders.Index);
            outcome.Damages.AddRange(salvage.Damages);
            if (outcome.Damages.Count == 0)
                return outcome;
            cancellationToken.ThrowIfCancellationRequested();
            outcome.DamagedIndex = KeepCopy(files, folders, time.GetUtcNow());
            salvage.Replace(Sound(salvage, files, folders, outcome), new IndexLimits().BlockBytes);
        }

        await using var store = await BucketStore.OpenAsync(dataFolder, files: files, time: time, cancellationToken: cancellationToken).ConfigureAwait(false);
        await store.ComeBackAsync(outcome, cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    private static string KeepCopy(IFileSystem files, BucketFolders folders, DateTimeOffset now)
    {
        string copy = string.Create(CultureInfo.InvariantCulture, $"{folders.Index}-damaged-{now:yyyyMMdd'T'HHmmss}");
        files.CreateFolder(copy);
        foreach (var file in files.Enumerate(folders.Index).Where(f => !f.IsFolder))
        {
            using var target = files.OpenWrite(Path.Join(copy, file.Path));
            files.Copy(Path.Join(folders.Index, file.Path), target, 0);
            target.Sync();
        }

        files.SyncFolder(copy);
        files.SyncFolder(Path.GetDirectoryName(copy)!);
        return copy;
    }

    // Entries whose bytes are there, with the sums of what is left.
    private static SortedDictionary<byte[], byte[]> Sound(IndexSalvage salvage, IFileSystem files, BucketFolders folders, RepairOutcome outcome)
    {
        var sound = new SortedDictionary<byte[], byte[]>(salvage.Entries.Comparer);
        var usage = new Dictionary<string, (long Count, long SizeBytes)>(StringComparer.Ordinal);
        foreach (var (key, value) in salvage.Entries)
        {
            if (value is null || IndexKeys.IsUsage(key))
                continue;
            if (IndexKeys.TryReadObject(key, out string bucket, out string name, out ulong sequence))
            {
                var stored = ObjectCodec.Read(name, sequence, value);
                if (!HasBytes(files, folders, bucket, stored))
                {
                    outcome.LostVersions.Add($"{bucket}/{name} (version {stored.Record.VersionId})");
                    continue;
                }

                Count(usage, bucket, stored.Record.IsDeleteMarker ? 0 : 1, stored.Record.SizeBytes);
                outcome.KeptVersions++;
            }
            else if (IndexKeys.TryReadPart(key, out bucket))
            {
                Count(usage, bucket, 0, UploadCodec.ReadPart(IndexKeys.ReadPartNumber(key), value).Part.SizeBytes);
            }

            sound[key] = value;
        }

        foreach (var (bucket, (count, size)) in usage)
        {
            var sum = new ArrayBufferWriter<byte>();
            VarInt.WriteSigned(sum, count);
            VarInt.WriteSigned(sum, size);
            sound[IndexKeys.Usage(bucket)] = sum.WrittenSpan.ToArray();
        }

        return sound;
    }

    private static void Count(Dictionary<string, (long Count, long SizeBytes)> usage, string bucket, long count, long sizeBytes)
    {
        var sum = usage.GetValueOrDefault(bucket);
        usage[bucket] = (sum.Count + count, sum.SizeBytes + sizeBytes);
    }

    private static bool HasBytes(IFileSystem files, BucketFolders folders, string bucket, StoredObject stored)
    {
        if (stored.Place == ObjectPlace.None)
            return true;
        return files.Stat(folders.Absolute(folders.PathOf(bucket, stored))) is { IsFolder: false } stat && stat.SizeBytes == stored.Record.SizeBytes;
    }
}

/// <summary>What a repair found and did.</summary>
public sealed class RepairOutcome
{
    /// <summary>What could not be read of the index; empty when it was not damaged and nothing was changed.</summary>
    public List<string> Damages { get; } = [];

    /// <summary>Versions and delete markers whose entries were kept.</summary>
    public long KeptVersions { get; internal set; }

    /// <summary>Entries that were left out because their bytes are not there: bucket, key and version.</summary>
    public List<string> LostVersions { get; } = [];

    /// <summary>Buckets whose configuration is lost; their objects are there.</summary>
    public List<string> LostBuckets { get; } = [];

    /// <summary>Objects that came back from their files, without the metadata, tags and lock that only the index had.</summary>
    public long AdoptedObjects { get; internal set; }

    /// <summary>Files set aside because no entry refers to them: earlier versions and objects without a plain file.</summary>
    public long SetAsideFiles { get; internal set; }

    /// <summary>Folder of the damaged index; null when nothing was damaged.</summary>
    public string? DamagedIndex { get; internal set; }
}
