using System.Globalization;
using Tarn.DuckDb;
using Tarn.Engine.Types;

namespace Tarn.Engine.Writing;

/// <summary>
/// Writes rows into a file for each partition. Rows are not sorted for it: each open file holds back no more than a row group, which the engine may spill,
/// and no more than <see cref="MaxOpenFiles"/> are open at once. Where there may be more partitions, rows are first split into <see cref="SplitCount"/>
/// files by the hash of their partition, and each of these by partition: so a partition still comes to one file.
/// </summary>
internal sealed class PartitionedCopy(DuckDbConnection connection, StagedFolder folder, string fileOptions, IReadOnlyList<PartitionKey> keys)
{
    /// <summary>Files that one pass holds open; partitions beyond it come to more than one file.</summary>
    public const int MaxOpenFiles = 100;

    /// <summary>Files of the first pass when there may be many partitions: thousands of them still come to one file each.</summary>
    public const int SplitCount = 32;

    private const string SplitColumn = "__tarn_split";

    private string KeyColumns => string.Join(", ", keys.Select(k => k.ColumnName));

    /// <summary>Writes all rows.</summary>
    /// <param name="sourceSql">A query with the columns of the files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IEnumerable<CopiedFile> Run(string sourceSql, CancellationToken cancellationToken)
    {
        string keyed = $"SELECT *, {string.Join(", ", keys.Select(k => k.Sql))} FROM ({sourceSql})";
        return MayBeMany ? RunInTwoPasses(keyed, cancellationToken) : Split(keyed, cancellationToken);
    }

    private bool MayBeMany => keys.Any(k => k.LikelyCount is null) || keys.Aggregate(1L, (count, key) => Math.Min(count * key.LikelyCount!.Value, int.MaxValue)) > MaxOpenFiles;

    private IEnumerable<CopiedFile> RunInTwoPasses(string keyed, CancellationToken cancellationToken)
    {
        string split = string.Create(CultureInfo.InvariantCulture, $"SELECT *, (hash({KeyColumns}) % {SplitCount})::INTEGER AS {SplitColumn} FROM ({keyed})");
        var parts = CopiedFile.Run(
            connection, $"COPY ({split}) TO {EngineSql.String(folder.NextPath())} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY ({SplitColumn}), WRITE_PARTITION_COLUMNS false, RETURN_STATS)", cancellationToken);
        foreach (var part in parts.GroupBy(p => p.PartitionKeys[SplitColumn]))
        {
            string paths = string.Join(", ", part.Select(p => EngineSql.String(p.Path)));
            foreach (var file in Split($"SELECT * FROM read_parquet([{paths}], hive_partitioning = false)", cancellationToken))
                yield return file;
            foreach (var done in part)
                File.Delete(done.Path);
        }
    }

    private IReadOnlyList<CopiedFile> Split(string keyed, CancellationToken cancellationToken) =>
        CopiedFile.Run(connection, $"COPY ({keyed}) TO {EngineSql.String(folder.NextPath())} ({fileOptions}, PARTITION_BY ({KeyColumns}), WRITE_PARTITION_COLUMNS false)", cancellationToken);
}
