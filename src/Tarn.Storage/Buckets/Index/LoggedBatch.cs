namespace Tarn.Storage.Buckets.Index;

/// <summary>A batch that is durable and not yet visible. Exactly one of <see cref="Apply"/> and <see cref="GiveUp"/> must follow.</summary>
internal readonly struct LoggedBatch(Epoch epoch, IndexBatch batch)
{
    /// <summary>What the caller changes without a sync before it applies the batch.</summary>
    public DirtyFiles Dirty => epoch.Dirty;

    /// <summary>Makes the changes visible.</summary>
    public void Apply()
    {
        epoch.Apply(batch);
        epoch.Settle();
    }

    /// <summary>Leaves the changes to a later batch that takes them back.</summary>
    public void GiveUp() => epoch.Settle();
}

/// <summary>A batch read from a log at start.</summary>
/// <param name="Batch">The batch; its changes are applied already.</param>
/// <param name="LogPath">The log, which is kept until the recovered changes are in a segment.</param>
/// <param name="EffectsOffset">Where <see cref="IndexBatch.Effects"/> begin in the log.</param>
internal readonly record struct ReplayedBatch(IndexBatch Batch, string LogPath, long EffectsOffset);
