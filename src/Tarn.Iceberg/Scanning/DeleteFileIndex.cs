using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Scanning;

/// <summary>Finds the delete files that must be applied to a data file ("Scan Planning", scope rules).</summary>
public sealed class DeleteFileIndex
{
    // Reserved field id of file_path in position delete files ("Reserved Field IDs").
    private const int FilePathFieldId = 2147483546;

    private readonly LocationMap locations;
    private readonly EqualityDeletes equality;
    private readonly List<ManifestEntry> globalDeletes = [];
    private readonly Dictionary<PartitionKey, List<ManifestEntry>> equalityByPartition = [];
    private readonly Dictionary<PartitionKey, List<ManifestEntry>> positionByPartition = [];
    private readonly Dictionary<string, List<ManifestEntry>> positionByPath = [];
    private readonly List<ManifestEntry> positionAnywhere = [];
    private readonly Dictionary<string, ManifestEntry> vectorByPath = [];

    /// <summary>Indexes delete files.</summary>
    /// <param name="deletes">Live entries of delete manifests, with sequence numbers.</param>
    /// <param name="table">The table.</param>
    /// <param name="fieldOf">Column by id in any schema of the table, or null.</param>
    /// <param name="locations">How paths are mapped before they are compared.</param>
    /// <exception cref="TarnException">DataCorrupted when a data file has two deletion vectors.</exception>
    public DeleteFileIndex(IEnumerable<ManifestEntry> deletes, TableMetadata table, Func<int, NestedField?> fieldOf, LocationMap locations)
    {
        this.locations = locations;
        equality = new EqualityDeletes(fieldOf);
        foreach (var entry in deletes)
        {
            Add(entry, table);
            Count++;
        }

        KeyColumns = [.. globalDeletes.Concat(equalityByPartition.Values.SelectMany(d => d)).SelectMany(d => equality.Keys(d.DataFile)).DistinctBy(k => k.FieldId)];
    }

    /// <summary>Delete files in the index.</summary>
    public int Count { get; }

    /// <summary>The delete files for a data file: global equality deletes, those of its partition, then its deletion vector or else position deletes.</summary>
    /// <exception cref="TarnException">DataCorrupted when a deletion vector names the data file but is older than it.</exception>
    public IReadOnlyList<ManifestEntry> Find(DataFile file, long sequenceNumber) => Find(file, sequenceNumber, column => ColumnMetrics.Of(file, column));

    /// <summary>Columns whose counts and bounds <see cref="Find(DataFile, long)"/> looks at.</summary>
    internal IReadOnlyList<BoundTerm> KeyColumns { get; }

    internal IReadOnlyList<ManifestEntry> Find(DataFile file, long sequenceNumber, Func<BoundTerm, ColumnMetrics> metrics)
    {
        if (Count == 0)
            return [];
        var found = new List<ManifestEntry>();
        var partition = PartitionKey.Of(file);
        found.AddRange(globalDeletes.Where(d => d.SequenceNumber > sequenceNumber && equality.MayApply(d.DataFile, metrics)));
        if (equalityByPartition.TryGetValue(partition, out var inPartition))
            found.AddRange(inPartition.Where(d => d.SequenceNumber > sequenceNumber && equality.MayApply(d.DataFile, metrics)));
        string path = vectorByPath.Count + positionByPath.Count == 0 ? file.FilePath : locations.Map(file.FilePath);
        if (vectorByPath.TryGetValue(path, out var vector))
        {
            if (vector.SequenceNumber < sequenceNumber)
                throw Contradiction(vector.DataFile, file, $"its sequence number {vector.SequenceNumber} is smaller than that of the data file, {sequenceNumber}");
            found.Add(vector);
            return found;
        }

        if (positionByPartition.TryGetValue(partition, out var positions))
            found.AddRange(positions.Where(d => d.SequenceNumber >= sequenceNumber));
        if (positionByPath.TryGetValue(path, out var own))
            found.AddRange(own.Where(d => d.SequenceNumber >= sequenceNumber));
        found.AddRange(positionAnywhere.Where(d => d.SequenceNumber >= sequenceNumber));

        return found;
    }

    private void Add(ManifestEntry entry, TableMetadata table)
    {
        var file = entry.DataFile;
        if (file.Content == FileContent.EqualityDeletes)
        {
            if (table.Spec(file.SpecId).IsUnpartitioned)
                globalDeletes.Add(entry);
            else
                Bucket(equalityByPartition, PartitionKey.Of(file)).Add(entry);
        }
        else if (file.IsDeletionVector)
        {
            string path = locations.Map(file.ReferencedDataFile
                ?? throw TarnException.Corrupted($"Deletion vector in '{file.FilePath}' names no data file (referenced_data_file). Its manifest is damaged."));
            if (!vectorByPath.TryAdd(path, entry))
                throw TarnException.Corrupted($"Data file '{path}' has two deletion vectors, in '{vectorByPath[path].DataFile.FilePath}' and '{file.FilePath}'; the format allows one.");
        }
        else if (ReferencedFile(file) is { } referenced)
        {
            Bucket(positionByPath, locations.Map(referenced)).Add(entry);
        }
        else if (IsBoundByPartition(file, table))
        {
            Bucket(positionByPartition, PartitionKey.Of(file)).Add(entry);
        }
        else
        {
            positionAnywhere.Add(entry);
        }
    }

    /// <summary>The one data file whose positions a position delete file lists: as recorded, or as the equal bounds of its paths tell; else null.</summary>
    public static string? ReferencedFile(DataFile deletes)
    {
        if (deletes.ReferencedDataFile is { } path)
            return path;
        return deletes.LowerBounds?.GetValueOrDefault(FilePathFieldId) is { } lower && deletes.UpperBounds?.GetValueOrDefault(FilePathFieldId) is { } upper
            && lower.AsSpan().SequenceEqual(upper) ? (string)BinarySingleValue.Deserialize(SimpleType.String, lower) : null;
    }

    /// <summary>
    /// Whether the partition of a delete file tells where it applies. Writers list position deletes in a manifest of the newest spec also when their data files
    /// belong to an older one, with the fields of either or both, or with null for what the older spec lacks. Each of their rows names its data file, so where the partition may be such a one they
    /// apply where they say; for deletes that stand where the format wants them this is the same.
    /// </summary>
    public static bool IsBoundByPartition(DataFile deletes, TableMetadata table) =>
        deletes.Content == FileContent.EqualityDeletes
        || (deletes.HasPartitionOfSpec && (HasOneSpec(table) || (ReferencedFile(deletes) is null && IsWhole(deletes.Partition, table.Spec(deletes.SpecId)))));

    /// <summary>
    /// Whether there is no other spec that a partition may be of, and was none: specs are numbered from 0, one that no data file has any more may be removed, and deletes that
    /// were listed while it was there stay.
    /// </summary>
    internal static bool HasOneSpec(TableMetadata table) => table.PartitionSpecs is [] or [{ SpecId: 0 }];

    private static bool IsWhole(object?[] partition, PartitionSpec spec) =>
        !spec.IsUnpartitioned && partition.Zip(spec.Fields).All(p => p.First is null == (p.Second.Transform.Kind == TransformKind.Void));

    private static List<ManifestEntry> Bucket<TKey>(Dictionary<TKey, List<ManifestEntry>> index, TKey key)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var bucket))
            index[key] = bucket = [];
        return bucket;
    }

    private static TarnException Contradiction(DataFile delete, DataFile file, string why) =>
        TarnException.Corrupted($"Delete file '{delete.FilePath}' names data file '{file.FilePath}', but {why}. The table's metadata contradicts itself; roll back to an earlier snapshot.");
}
