using System.Collections.Concurrent;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Deletes;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.Puffin;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Deletes;

/// <summary>Reads the deletion vectors of a scan ("Deletion Vectors").</summary>
internal sealed class DeletionVectors(IObjectStore store, PositionBitmapCache cache)
{
    // Each may be a request: enough to hide the time on the way, few enough for the limits of object stores.
    private const int MaxConcurrentReads = 32;

    /// <summary>The vectors of those tasks that have one, by the location of the data file.</summary>
    /// <exception cref="TarnException">DataCorrupted, naming the file: a vector is missing or damaged, or has not as many positions as its manifest says.</exception>
    public async ValueTask<IReadOnlyDictionary<string, PositionBitmap>> ReadAsync(IReadOnlyList<FileScanTask> tasks, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<string, PositionBitmap>(StringComparer.Ordinal);
        var missing = new List<(string DataFile, DataFile Vector)>();
        foreach (var task in tasks)
        {
            if (task.Deletes.FirstOrDefault(d => d.DataFile.IsDeletionVector)?.DataFile is not { } vector)
                continue;
            if (cache.Find(Key(vector)) is { } known)
                found[task.File.FilePath] = known;
            else
                missing.Add((task.File.FilePath, vector));
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentReads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(missing, options, async (item, cancelled) =>
        {
            var bitmap = await ReadAsync(item.Vector, item.DataFile, cancelled).ConfigureAwait(false);
            cache.Add(Key(item.Vector), bitmap);
            found[item.DataFile] = bitmap;
        }).ConfigureAwait(false);
        return found;
    }

    private async ValueTask<PositionBitmap> ReadAsync(DataFile vector, string dataFile, CancellationToken cancellationToken)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"Deletion vector of data file '{dataFile}' in '{vector.FilePath}' at byte {vector.ContentOffset}");
        if (vector is not { ContentOffset: >= 0 and var offset, ContentSizeInBytes: > 0 and <= DeletionVectorBlob.MaxSizeBytes and var size })
            throw TarnException.Corrupted($"{place}: its manifest says that it has {vector.ContentSizeInBytes?.ToString(CultureInfo.InvariantCulture) ?? "no"} bytes (content_offset, content_size_in_bytes). Roll the table back to an earlier snapshot.");
        try
        {
            var blob = await store.ReadRangeAsync(vector.FilePath, offset, (int)size, cancellationToken).ConfigureAwait(false);
            var bitmap = DeletionVectorBlob.Read(blob.Span);
            return bitmap.Count == vector.RecordCount
                ? bitmap
                : throw TarnException.Corrupted(string.Create(CultureInfo.InvariantCulture, $"It holds {bitmap.Count} positions, and its manifest says {vector.RecordCount}."));
        }
        catch (TarnException damage) when (damage.Kind is ErrorKind.DataCorrupted or ErrorKind.NotFound)
        {
            throw TarnException.Corrupted($"{place}: {damage.Message} Restore the file, or roll the table back to a snapshot that does not need it.", damage);
        }
    }

    private static DeletedPositionsKey Key(DataFile vector) => new(vector.FilePath, vector.ContentOffset ?? -1, "");
}
