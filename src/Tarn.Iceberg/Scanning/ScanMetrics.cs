namespace Tarn.Iceberg.Scanning;

/// <summary>What planning looked at and why it left files out. Final when planning has ended.</summary>
public sealed class ScanMetrics
{
    private long dataManifests;
    private long dataManifestsSkipped;
    private long deleteManifests;
    private long deleteManifestsSkipped;
    private long manifestsFromCache;
    private long filesInSkippedManifests;
    private long filesSkippedByPartition;
    private long filesSkippedByMetrics;
    private long filesKept;
    private long bytesKept;
    private long recordsKept;
    private long deleteFilesIndexed;

    /// <summary>Data manifests of the snapshot.</summary>
    public long DataManifests => dataManifests;

    /// <summary>Data manifests left unread because of their partition summaries or because nothing in them is live.</summary>
    public long DataManifestsSkipped => dataManifestsSkipped;

    /// <summary>Delete manifests of the snapshot.</summary>
    public long DeleteManifests => deleteManifests;

    /// <summary>Delete manifests left unread, for the same reasons.</summary>
    public long DeleteManifestsSkipped => deleteManifestsSkipped;

    /// <summary>Manifests that were in memory already.</summary>
    public long ManifestsFromCache => manifestsFromCache;

    /// <summary>Live data files in manifests that were left unread; files of manifests without counts are missing here.</summary>
    public long FilesInSkippedManifests => filesInSkippedManifests;

    /// <summary>Data files left out because of their partition.</summary>
    public long FilesSkippedByPartition => filesSkippedByPartition;

    /// <summary>Data files left out because of their counts and bounds.</summary>
    public long FilesSkippedByMetrics => filesSkippedByMetrics;

    /// <summary>Data files to read.</summary>
    public long FilesKept => filesKept;

    /// <summary>All live data files.</summary>
    public long FilesTotal => filesInSkippedManifests + filesSkippedByPartition + filesSkippedByMetrics + filesKept;

    /// <summary>Recorded bytes of the files to read.</summary>
    public long BytesKept => bytesKept;

    /// <summary>Rows of the files to read, before deletes and filter.</summary>
    public long RecordsKept => recordsKept;

    /// <summary>Live delete files that were considered.</summary>
    public long DeleteFilesIndexed => deleteFilesIndexed;

    /// <summary>How long planning took, from the manifest list to the last file.</summary>
    public TimeSpan Duration { get; internal set; }

    internal void Manifests(bool data, long scanned, long skipped)
    {
        Interlocked.Add(ref data ? ref dataManifests : ref deleteManifests, scanned + skipped);
        Interlocked.Add(ref data ? ref dataManifestsSkipped : ref deleteManifestsSkipped, skipped);
    }

    internal void FromCache() => Interlocked.Increment(ref manifestsFromCache);

    internal void InSkippedManifest(long files) => Interlocked.Add(ref filesInSkippedManifests, files);

    internal void Files(long byPartition, long byMetrics, long kept, long bytes, long records)
    {
        Interlocked.Add(ref filesSkippedByPartition, byPartition);
        Interlocked.Add(ref filesSkippedByMetrics, byMetrics);
        Interlocked.Add(ref filesKept, kept);
        Interlocked.Add(ref bytesKept, bytes);
        Interlocked.Add(ref recordsKept, records);
    }

    internal void Deletes(long files) => Interlocked.Add(ref deleteFilesIndexed, files);
}
