using Tarn.Core.Errors;
using Tarn.Engine.Relations;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Deletes;

/// <summary>
/// Equality delete files that compare the same columns, all global or all of partitions ("Equality Delete Files"), and the data files that one of them at
/// least may concern. Whether it does for a pair of files is told by two marks, the data sequence number and the partition.
/// </summary>
/// <param name="FieldIds">Ids of the compared columns.</param>
/// <param name="IsGlobal">True when they concern every partition.</param>
/// <param name="Deletes">The delete files, with marks.</param>
/// <param name="DataFiles">Locations of the data files.</param>
internal sealed record EqualityDeleteSet(IReadOnlyList<int> FieldIds, bool IsGlobal, IReadOnlyList<ScanFile> Deletes, IReadOnlySet<string> DataFiles)
{
    /// <summary>Field id of the mark that is a file's data sequence number.</summary>
    public const int SequenceId = -1;

    /// <summary>Field id of the mark that numbers partitions.</summary>
    public const int PartitionId = -2;

    /// <summary>Sorts the equality deletes of a scan.</summary>
    /// <param name="tasks">The data files and their deletes.</param>
    /// <param name="specOf">Spec by id.</param>
    /// <param name="open">Opens a delete file.</param>
    public static IReadOnlyList<EqualityDeleteSet> Of(IReadOnlyList<FileScanTask> tasks, Func<int, PartitionSpec> specOf, Func<DataFile, ScanFile> open)
    {
        var partitions = new Dictionary<PartitionKey, int>();
        var opened = new Dictionary<string, ScanFile>(StringComparer.Ordinal);
        var applied = from task in tasks
                      from delete in task.Deletes
                      where delete.DataFile.Content == FileContent.EqualityDeletes
                      select (task.File, Delete: delete);
        return [.. from pair in applied
                   group pair by (Ids: string.Join(',', Ids(pair.Delete.DataFile).Order()), IsGlobal: specOf(pair.Delete.DataFile.SpecId).IsUnpartitioned) into same
                   let deletes = same.Select(p => p.Delete).DistinctBy(d => d.DataFile.FilePath)
                   select new EqualityDeleteSet(
                       [.. Ids(same.First().Delete.DataFile).Order()], same.Key.IsGlobal, [.. deletes.Select(Open)], same.Select(p => p.File.FilePath).ToHashSet(StringComparer.Ordinal))];

        ScanFile Open(ManifestEntry delete)
        {
            if (!opened.TryGetValue(delete.DataFile.FilePath, out var file))
                opened[delete.DataFile.FilePath] = file = open(delete.DataFile) with { Marks = Marks(delete.DataFile, delete.SequenceNumber ?? 0, partitions) };
            return file;
        }
    }

    /// <summary>Gives data files that equality deletes concern their marks.</summary>
    public static IEnumerable<ScanFile> Mark(IReadOnlyList<FileScanTask> tasks, IReadOnlyList<ScanFile> files, IReadOnlyList<EqualityDeleteSet> sets)
    {
        var partitions = new Dictionary<PartitionKey, int>();
        foreach (var delete in sets.SelectMany(s => s.Deletes))
            partitions[PartitionKey.Of(delete.File)] = (int)delete.Marks[PartitionId]!;
        return tasks.Zip(files, (task, file) => sets.Any(s => s.DataFiles.Contains(file.File.FilePath)) ? file with { Marks = Marks(file.File, task.SequenceNumber, partitions) } : file);
    }

    private static Dictionary<int, object?> Marks(DataFile file, long sequenceNumber, Dictionary<PartitionKey, int> partitions)
    {
        if (!partitions.TryGetValue(PartitionKey.Of(file), out int number))
            partitions[PartitionKey.Of(file)] = number = partitions.Count;
        return new() { [SequenceId] = sequenceNumber, [PartitionId] = number };
    }

    private static IReadOnlyList<int> Ids(DataFile delete) => delete.EqualityIds is { Count: > 0 } ids
        ? ids
        : throw TarnException.Corrupted($"Equality delete file '{delete.FilePath}' compares no column (equality_ids). Its manifest is damaged; roll the table back to an earlier snapshot.");
}
