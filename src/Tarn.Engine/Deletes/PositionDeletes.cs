using Tarn.Core.Storage;
using Tarn.Iceberg.Deletes;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Deletes;

/// <summary>The deleted positions of the data files of a scan, from deletion vectors and position delete files, those read before from memory.</summary>
/// <param name="cache">What was read before.</param>
/// <param name="locations">How paths are mapped before they are compared.</param>
internal sealed class PositionDeletes(PositionBitmapCache cache, LocationMap locations)
{
    // Entries may leave the cache while the others are read.
    private readonly Dictionary<DeletedPositionsKey, PositionBitmap> known = [];

    /// <summary>Position delete files that must be read, and of which data files; those of which everything is known are left out.</summary>
    public IReadOnlyList<(DataFile Delete, IReadOnlyList<string> Wanted)> Missing(IReadOnlyList<FileScanTask> tasks) =>
        [.. from task in tasks
            from delete in task.Deletes
            where IsPositionDelete(delete.DataFile)
            group (delete.DataFile, DataFile: locations.Map(task.File.FilePath)) by delete.DataFile.FilePath into file
            let wanted = file.Where(f => !IsKnown(Key(f.Item1, f.DataFile))).Select(f => f.DataFile).Distinct().ToArray()
            where wanted.Length > 0
            select (file.First().Item1, (IReadOnlyList<string>)wanted)];

    /// <summary>Deleted positions by location of the data file, without those that have none.</summary>
    /// <param name="tasks">The data files.</param>
    /// <param name="vectors">Deletion vectors by location of the data file.</param>
    /// <param name="read">What was read of <see cref="Missing"/>.</param>
    public IReadOnlyDictionary<string, PositionBitmap> Merge(
        IReadOnlyList<FileScanTask> tasks, IReadOnlyDictionary<string, PositionBitmap> vectors, IReadOnlyDictionary<(string DeleteFile, string DataFile), PositionBitmap> read)
    {
        var merged = new Dictionary<string, PositionBitmap>(StringComparer.Ordinal);
        foreach (var task in tasks)
        {
            string mapped = task.Deletes.Count == 0 ? "" : locations.Map(task.File.FilePath);
            var bitmaps = task.Deletes.Where(d => IsPositionDelete(d.DataFile)).Select(d => Find(d.DataFile, mapped, read)).ToList();
            if (vectors.TryGetValue(task.File.FilePath, out var vector))
                bitmaps.Add(vector);
            if (bitmaps.Count > 0 && PositionBitmap.Union(bitmaps) is { Count: > 0 } union)
                merged[task.File.FilePath] = union;
        }

        return merged;
    }

    private PositionBitmap Find(DataFile delete, string dataFile, IReadOnlyDictionary<(string DeleteFile, string DataFile), PositionBitmap> read)
    {
        if (!read.TryGetValue((delete.FilePath, dataFile), out var bitmap))
            return known[Key(delete, dataFile)];
        cache.Add(Key(delete, dataFile), bitmap);
        return bitmap;
    }

    private bool IsKnown(DeletedPositionsKey key)
    {
        if (cache.Find(key) is not { } bitmap)
            return false;
        known[key] = bitmap;
        return true;
    }

    private static bool IsPositionDelete(DataFile file) => file.Content == FileContent.PositionDeletes && !file.IsDeletionVector;

    private static DeletedPositionsKey Key(DataFile delete, string dataFile) => new(delete.FilePath, -1, dataFile);
}
