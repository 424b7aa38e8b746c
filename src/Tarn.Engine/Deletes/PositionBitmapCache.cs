using Tarn.Core.Caching;
using Tarn.Iceberg.Deletes;

namespace Tarn.Engine.Deletes;

/// <summary>
/// Decoded deletes by where they lie. Delete files never change, so an entry is right for ever; those used longest ago leave when the bound is reached.
/// </summary>
internal sealed class PositionBitmapCache(long maxSizeBytes = PositionBitmapCache.DefaultMaxSizeBytes)
{
    // A hundred million scattered positions.
    private const long DefaultMaxSizeBytes = 256 << 20;

    // An entry without its bitmap: keys, nodes of dictionary and list.
    private const int OverheadBytes = 512;

    // Keys that were asked for and may never come, remembered so that the second time can be told from the first.
    private const int MaxMissed = 100_000;

    private readonly WeighedCache<DeletedPositionsKey, PositionBitmap> bitmaps = new(maxSizeBytes);
    private readonly Lock gate = new();
    private readonly HashSet<DeletedPositionsKey> missed = [];

    /// <summary>What is kept under the key, or null.</summary>
    public PositionBitmap? Find(DeletedPositionsKey key) => bitmaps.Find(key);

    /// <summary>Whether this was asked for the key before. Forgetful: false may come again.</summary>
    public bool WasMissed(DeletedPositionsKey key)
    {
        lock (gate)
        {
            if (missed.Count >= MaxMissed)
                missed.Clear();
            return !missed.Add(key);
        }
    }

    /// <summary>Keeps deletes, unless they alone pass the bound.</summary>
    public void Add(DeletedPositionsKey key, PositionBitmap bitmap) => bitmaps.Keep(key, bitmap, bitmap.SizeBytes + OverheadBytes);
}

/// <summary>What deletes of one data file are known by.</summary>
/// <param name="DeleteFile">Location of the delete file; of equality deletes a digest of the locations of all that apply.</param>
/// <param name="Offset">Where a deletion vector begins in it; -1 for a position delete file, -2 for equality deletes.</param>
/// <param name="DataFile">Location of the data file after mapping; empty for a deletion vector.</param>
internal readonly record struct DeletedPositionsKey(string DeleteFile, long Offset, string DataFile);
