using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Index;

internal sealed partial class OrderedIndex
{
    /// <summary>Opens the index in a folder, creating it when there is none. The caller makes sure that nobody else does.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="folder">An existing, durable folder.</param>
    /// <param name="limits">Sizes.</param>
    /// <param name="replay">Is given every batch that may not have been carried out before the last end, in order.</param>
    /// <exception cref="TarnException">DataCorrupted, Unsupported for a newer format.</exception>
    public static OrderedIndex Open(IFileSystem files, string folder, IndexLimits limits, Action<ReplayedBatch> replay)
    {
        var names = new IndexFiles(files, folder);
        var manifest = IndexManifest.Read(files, folder);
        bool isNew = manifest is null;
        if (manifest is null)
        {
            RequireEmpty(names);
            manifest = IndexManifest.Empty;
            manifest.Write(files, folder);
        }

        RemoveUnused(names, manifest);
        ImmutableArray<Segment> segments = [.. manifest.Segments.Select(n => Segment.Open(files, names.Segment(n), n))];
        var logs = names.Logs();
        RequireAllLogs(names, manifest, logs);
        var recovered = logs.Count == 0 ? null : Recover(names, logs, replay);
        long number = logs.Count == 0 ? manifest.FirstLog : logs[^1] + 1;
        var active = new Epoch([number], LogWriter.Create(files, names.Log(number), number, limits, needsReserve: false));
        var index = new OrderedIndex(names, limits, manifest, new View(active, recovered, segments), number + 1) { IsNew = isNew };
        return index;
    }

    /// <summary>Brings what was recovered into a segment, in the background. To be called once, after the owner has carried out what was replayed.</summary>
    /// <param name="dirty">Receives what the owner changed without a sync; null when nothing was recovered.</param>
    public void FinishRecovery(Action<DirtyFiles> dirty)
    {
        if (_view.Frozen is not { } recovered)
            return;
        dirty(recovered.Dirty);
        lock (_logGate)
            StartFlush();
    }

    private static Epoch Recover(IndexFiles names, IReadOnlyList<long> logs, Action<ReplayedBatch> replay)
    {
        var recovered = new Epoch(logs, null);
        foreach (long number in logs)
        {
            string path = names.Log(number);
            // What is read may be in memory only, and nothing that was shown may vanish.
            names.Disk.SyncFile(path);
            using var file = names.Disk.OpenWrite(path);
            var reader = new LogReader(file, path, number);
            while (reader.Next() is { } next)
            {
                recovered.Apply(next.Batch);
                if (!next.Batch.Effects.IsEmpty)
                    replay(new ReplayedBatch(next.Batch, path, next.Offset + next.Batch.EffectsStart));
            }

            CutTornEnd(file, reader.LengthBytes);
        }

        return recovered;
    }

    private static void CutTornEnd(IFileHandle file, long lengthBytes)
    {
        if (file.LengthBytes == lengthBytes)
            return;
        file.Truncate(lengthBytes);
        file.Sync();
    }

    // A folder with logs or segments and no manifest has lost it.
    private static void RequireEmpty(IndexFiles names)
    {
        if (names.Logs().Count + names.Segments().Count > 0)
            throw TarnException.Corrupted($"The object index '{names.Folder}' has lost its manifest. Restore the folder from a backup, or run 'tarn s3 repair', which keeps all that can be read and brings objects back from their files.");
    }

    private static void RequireAllLogs(IndexFiles names, IndexManifest manifest, IReadOnlyList<long> logs)
    {
        for (int i = 0; i < logs.Count; i++)
        {
            if (logs[i] != manifest.FirstLog + i)
                throw TarnException.Corrupted($"The object index has lost '{names.Log(manifest.FirstLog + i)}'. Restore the folder '{names.Folder}' from a backup, or run 'tarn s3 repair', which keeps all that can be read and brings objects back from their files.");
        }
    }

    private static void RemoveUnused(IndexFiles names, IndexManifest manifest)
    {
        foreach (long number in names.Segments().Where(n => !manifest.Segments.Contains(n)))
            names.Disk.DeleteFile(names.Segment(number));
        foreach (long number in names.Logs().Where(n => n < manifest.FirstLog))
            names.Disk.DeleteFile(names.Log(number));
    }
}
