using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>
/// The entries of a manifest as a struct of arrays, with inheritance applied: made for planning over many entries. Holds what every plan needs and
/// the statistics of the columns that were asked for; <see cref="Entry"/> makes an entry of that, <see cref="ReadEntries"/> reads all in full again.
/// Immutable and thread-safe.
/// </summary>
public sealed partial class ColumnarManifest
{
    /// <summary>Stands for a number that is null.</summary>
    internal const long NoNumber = long.MinValue;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly Dictionary<int, ColumnStatistics> _statistics;

    internal ColumnarManifest(ReadOnlyMemory<byte> file, ManifestFile manifest, StructType partitionType, ColumnarProjection projection, int count)
    {
        (File, Manifest, PartitionType, Projection, Count) = (file, manifest, partitionType, projection, count);
        Statuses = new byte[count];
        Contents = new byte[count];
        Formats = new byte[count];
        SnapshotIds = new long[count];
        SequenceNumbers = new long[count];
        FileSequenceNumbers = new long[count];
        FirstRowIds = new long[count];
        RecordCounts = new long[count];
        FileSizes = new long[count];
        SortOrderIds = new long[count];
        Paths = new ByteSlice[count];
        KeyMetadata = new ByteSlice[count];
        SplitOffsets = new long[count][];
        if (manifest.Content == ManifestContent.Deletes)
        {
            ReferencedDataFiles = new ByteSlice[count];
            ContentOffsets = new long[count];
            ContentSizes = new long[count];
            EqualityIds = new long[count][];
        }

        Partitions = [.. partitionType.Fields.Select(f => new PartitionColumn(this, f, count))];
        _statistics = projection.StatisticsFieldIds.Distinct().ToDictionary(id => id, id => new ColumnStatistics(this, id, count));
    }

    /// <summary>The manifest as its list names it.</summary>
    public ManifestFile Manifest { get; }

    /// <summary>Tuple type of its spec.</summary>
    public StructType PartitionType { get; }

    /// <summary>What was decoded.</summary>
    public ColumnarProjection Projection { get; }

    /// <summary>Entries, deleted ones included.</summary>
    public int Count { get; }

    /// <summary>The partition values, one column for each field of the spec.</summary>
    public IReadOnlyList<PartitionColumn> Partitions { get; }

    /// <summary>Of all entries: <see cref="DataFile.HasPartitionOfSpec"/>.</summary>
    internal bool HasPartitionOfSpec { get; init; } = true;

    /// <summary>Memory it takes, about; the file itself included, which is kept for <see cref="ReadEntries"/>.</summary>
    public long EstimatedBytes => File.Length + Bytes.Length + (Count * (110L + (Partitions.Count * 9L) + (_statistics.Count * 40L)));

    internal ReadOnlyMemory<byte> File { get; }

    internal byte[] Bytes { get; set; } = [];

    internal byte[] Statuses { get; }

    internal byte[] Contents { get; }

    internal byte[] Formats { get; }

    internal long[] SnapshotIds { get; }

    internal long[] SequenceNumbers { get; }

    internal long[] FileSequenceNumbers { get; }

    internal long[] FirstRowIds { get; }

    internal long[] RecordCounts { get; }

    internal long[] FileSizes { get; }

    internal long[] SortOrderIds { get; }

    internal ByteSlice[] Paths { get; }

    internal ByteSlice[] KeyMetadata { get; }

    internal long[]?[] SplitOffsets { get; }

    internal ByteSlice[] ReferencedDataFiles { get; } = [];

    internal long[] ContentOffsets { get; } = [];

    internal long[] ContentSizes { get; } = [];

    internal long[]?[] EqualityIds { get; } = [];

    /// <summary>Status of an entry.</summary>
    public ManifestEntryStatus Status(int entry) => (ManifestEntryStatus)Statuses[entry];

    /// <summary>True unless the entry is deleted.</summary>
    public bool IsLive(int entry) => Statuses[entry] != (byte)ManifestEntryStatus.Deleted;

    /// <summary>What the file holds.</summary>
    public FileContent Content(int entry) => (FileContent)Contents[entry];

    /// <summary>Format of the file.</summary>
    public FileFormat Format(int entry) => (FileFormat)Formats[entry];

    /// <summary>Location of the file as UTF-8.</summary>
    public ReadOnlySpan<byte> FilePathUtf8(int entry) => Paths[entry].In(Bytes);

    /// <summary>Location of the file.</summary>
    public string FilePath(int entry) => Text(FilePathUtf8(entry));

    /// <summary>Rows in the file.</summary>
    public long RecordCount(int entry) => RecordCounts[entry];

    /// <summary>Length of the file as recorded.</summary>
    public long FileSizeInBytes(int entry) => FileSizes[entry];

    /// <summary>Snapshot that added (or removed) the file, or null.</summary>
    public long? SnapshotId(int entry) => Number(SnapshotIds[entry]);

    /// <summary>Data sequence number.</summary>
    public long SequenceNumber(int entry) => SequenceNumbers[entry];

    /// <summary>Sequence number of the snapshot that added the file, or null.</summary>
    public long? FileSequenceNumber(int entry) => Number(FileSequenceNumbers[entry]);

    /// <summary>Row id of the first row, or null.</summary>
    public long? FirstRowId(int entry) => Number(FirstRowIds[entry]);

    /// <summary>The partition tuple.</summary>
    public object?[] Partition(int entry)
    {
        var values = new object?[Partitions.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = Partitions[i].Value(entry);
        return values;
    }

    /// <summary>Bounds and counts of a column; null when it was not projected.</summary>
    public ColumnStatistics? Statistics(int fieldId) => _statistics.GetValueOrDefault(fieldId);

    internal static string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException damage)
        {
            throw TarnException.Corrupted($"Text in a manifest is not valid UTF-8: {Convert.ToHexString(utf8)}.", damage);
        }
    }

    internal static long? Number(long number) => number == NoNumber ? null : number;

    internal IEnumerable<ByteSlice[]> AllSlices()
    {
        yield return Paths;
        yield return KeyMetadata;
        yield return ReferencedDataFiles;
        foreach (var column in Partitions)
            yield return column.Slices;
        foreach (var statistics in _statistics.Values)
        {
            yield return statistics.Lower;
            yield return statistics.Upper;
        }
    }
}
