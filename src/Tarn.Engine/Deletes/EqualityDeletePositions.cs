using System.Security.Cryptography;
using System.Text;
using Tarn.DuckDb;
using Tarn.Engine.Relations;
using Tarn.Iceberg.Deletes;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Deletes;

/// <summary>
/// Turns equality deletes into deleted positions. Which rows of a data file they delete can never change, as files do not: it is found once, and then they cost
/// what a deletion vector costs. The first query over a data file compares its rows as it reads them, because it may want few of them; the second finds the positions.
/// </summary>
/// <param name="cache">What was found before.</param>
/// <param name="schemas">All schemas of the table.</param>
/// <param name="read">Runs a query over data files and delete files.</param>
internal sealed class EqualityDeletePositions(PositionBitmapCache cache, IReadOnlyList<Schema> schemas, Func<string, DuckDbResult> read)
{
    private const long EqualityOffset = -2;

    private IReadOnlyList<string> lastPaths = [];
    private string lastDigest = "";

    /// <summary>The table, with positions in place of those equality deletes of which they are known or now found.</summary>
    /// <param name="table">The files, without deleted positions.</param>
    /// <param name="tasks">The task of each file, in order.</param>
    /// <param name="atOnce">Find them the first time, because every row is looked at in any case.</param>
    /// <param name="knownOnly">Find none: use those that are known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public TableFiles Apply(TableFiles table, IReadOnlyList<FileScanTask> tasks, bool atOnce, bool knownOnly, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, PositionBitmap>(StringComparer.Ordinal);
        var wanted = new List<(ScanFile File, DeletedPositionsKey Key)>();
        // Deletes may apply to one listing of a file and not to another: what a manifest lists twice is compared.
        var repeated = table.Files.GroupBy(f => f.Path, StringComparer.Ordinal).Where(g => g.Skip(1).Any()).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (task, file) in tasks.Zip(table.Files))
        {
            if (repeated.Contains(file.Path) || !table.Equality.Any(s => s.DataFiles.Contains(file.File.FilePath)) || !HasPositions(table, file))
                continue;
            var key = new DeletedPositionsKey(Digest(task), EqualityOffset, file.File.FilePath);
            if (cache.Find(key) is { } known)
                found[file.File.FilePath] = known;
            else if (!knownOnly && (cache.WasMissed(key) || atOnce))
                wanted.Add((file, key));
        }

        if (wanted.Count > 0)
        {
            var bitmaps = Find(table with { Files = [.. wanted.Select(w => w.File)] }, cancellationToken);
            foreach (var (file, key) in wanted)
                cache.Add(key, found[file.File.FilePath] = bitmaps[file.Path].Build());
        }

        return found.Count == 0 ? table : Replace(table, found);
    }

    // Only the engine's own reader numbers rows, and names in a mapping may change while files do not.
    private static bool HasPositions(TableFiles table, ScanFile file) => table.Mapping is null && file.Footer is not null;

    private Dictionary<string, PositionBitmapBuilder> Find(TableFiles table, CancellationToken cancellationToken)
    {
        var builders = table.Files.ToDictionary(f => f.Path, _ => new PositionBitmapBuilder(), StringComparer.Ordinal);
        var sql = new EqualityDeleteSql(table.Schema, ColumnNames.Deduplicate([.. table.Schema.Fields.Select(f => f.Name)]), schemas);
        foreach (var set in table.Equality)
        {
            var concerned = table with { Files = [.. table.Files.Where(f => set.DataFiles.Contains(f.File.FilePath))] };
            if (concerned.Files.Count == 0)
                continue;
            using var result = read(sql.DeletedRowsSql(concerned, set));
            foreach (var chunk in result.Chunks(cancellationToken))
                Collect(chunk, builders);
        }

        return builders;
    }

    private static void Collect(DuckDbChunk chunk, Dictionary<string, PositionBitmapBuilder> builders)
    {
        var windows = chunk[1].Values<long>();
        var offsets = chunk[2].Child(0).Values<ushort>();
        PositionBitmapBuilder? builder = null;
        for (int row = 0; row < chunk.RowCount; row++)
        {
            if (row == 0 || !chunk[0].Bytes(row).SequenceEqual(chunk[0].Bytes(row - 1)))
                builder = builders[Encoding.UTF8.GetString(chunk[0].Bytes(row))];
            var (start, length) = chunk[2].ListRange(row);
            foreach (ushort offset in offsets.Slice(start, length))
                builder!.Add((windows[row] * EqualityDeleteSql.WindowRows) + offset);
        }
    }

    private static TableFiles Replace(TableFiles table, Dictionary<string, PositionBitmap> found)
    {
        var unmarked = new Dictionary<int, object?>();
        return table with
        {
            Files = [.. table.Files.Select(f => found.TryGetValue(f.File.FilePath, out var bitmap) ? f with { Deleted = bitmap.Count == 0 ? null : bitmap, Marks = unmarked } : f)],
            Equality = [.. table.Equality.Select(s => s with { DataFiles = s.DataFiles.Where(f => !found.ContainsKey(f)).ToHashSet(StringComparer.Ordinal) }).Where(s => s.DataFiles.Count > 0)],
            EqualityAsPositions = found.Count,
        };
    }

    // Files of one time have the same deletes, so the last digest is often the next.
    private string Digest(FileScanTask task)
    {
        string[] paths = [.. task.Deletes.Where(d => d.DataFile.Content == FileContent.EqualityDeletes).Select(d => d.DataFile.FilePath)];
        if (lastDigest.Length > 0 && paths.SequenceEqual(lastPaths, StringComparer.Ordinal))
            return lastDigest;
        lastPaths = paths;
        return lastDigest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', paths.Order(StringComparer.Ordinal)))));
    }
}
