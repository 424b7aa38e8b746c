namespace Tarn.Access.Trails;

/// <summary>How a trail is kept.</summary>
public record TrailOptions
{
    /// <summary>A segment that has reached this size is closed and another begun. Default: 64 MiB.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>Closed segments beyond this many bytes in all are removed, oldest first, and the trail says so; 0 keeps everything. Default: 4 GiB.</summary>
    public long RetainedBytes { get; init; } = 4L << 30;

    /// <summary>Events that may wait to be written; more are counted as lost. Default: 65,536.</summary>
    public int QueueLength { get; init; } = 65_536;
}
