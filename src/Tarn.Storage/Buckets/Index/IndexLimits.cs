namespace Tarn.Storage.Buckets.Index;

/// <summary>Sizes that keep the index small in memory and quick to open.</summary>
/// <param name="LogBytes">Length of a log at which its changes go to a segment and the next log begins.</param>
/// <param name="MemoryBytes">Size of the changes in memory at which the same happens.</param>
/// <param name="BlockBytes">Length of a segment's block before its last entry.</param>
internal sealed record IndexLimits(long LogBytes = 64L << 20, long MemoryBytes = 8L << 20, int BlockBytes = 8 << 10)
{
    /// <summary>Writers wait when the log has grown to so many times <see cref="LogBytes"/> because segments are not written fast enough.</summary>
    public const int LogOverrun = 4;

    /// <summary>Room at the end of the log that only batches which free room may use, so that objects can be removed from a full disk.</summary>
    public long ReservedBytes => LogBytes / 64;

    /// <summary>Room that the log takes at once when it grows.</summary>
    public long GrowthBytes => LogBytes / 64;

    /// <summary>Batches that wait for one write and sync at the most.</summary>
    public const int ConcurrentBatches = 256;

    /// <summary>Bytes that one write to the log carries at the most, the last batch not counted.</summary>
    public const int GroupBytes = 8 << 20;

    /// <summary>Segments of similar size that are merged into one.</summary>
    public const int MergedSegments = 4;

    /// <summary>Segments beyond which all are merged.</summary>
    public const int Segments = 16;
}
