using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

public sealed partial class ColumnarManifest
{
    /// <summary>Decodes a manifest.</summary>
    /// <param name="bytes">The whole file; kept.</param>
    /// <param name="manifest">The manifest as its list names it; entries inherit from it.</param>
    /// <param name="partitionType">Tuple type of the manifest's spec (<c>TableMetadata.PartitionType</c>).</param>
    /// <param name="projection">What to decode beyond what every plan needs.</param>
    /// <param name="degree">Most blocks decoded at once; 1 when manifests are decoded beside each other.</param>
    /// <exception cref="TarnException">As for <see cref="ManifestReader.Read"/>.</exception>
    public static ColumnarManifest Decode(ReadOnlyMemory<byte> bytes, ManifestFile manifest, StructType partitionType, ColumnarProjection projection, int degree = 1)
    {
        var layout = ManifestLayout.Open(bytes, manifest.ManifestPath, partitionType);
        if (!layout.Partition.IsComplete || ColumnarDecoder.TryCreate(layout, manifest, projection) is not { } decoder)
            return ColumnarRows.Build(bytes, ManifestReader.Read(bytes, manifest, partitionType), manifest, partitionType, projection);
        try
        {
            return decoder.Decode(bytes, degree);
        }
        catch (TarnException damage) when (damage.Kind == ErrorKind.DataCorrupted && layout.WithFixedAsBytes() is { } other)
        {
            return ColumnarDecoder.TryCreate(other, manifest, projection)!.Decode(bytes, degree);
        }
    }

    /// <summary>An entry of what was decoded: maps hold the projected columns only, column sizes are left out.</summary>
    public ManifestEntry Entry(int entry) => new(Status(entry), SnapshotId(entry), SequenceNumber(entry), FileSequenceNumber(entry), new DataFile
    {
        Content = Content(entry),
        FilePath = FilePath(entry),
        Format = Format(entry),
        SpecId = Manifest.PartitionSpecId,
        Partition = Partition(entry),
        HasPartitionOfSpec = HasPartitionOfSpec,
        RecordCount = RecordCount(entry),
        FileSizeInBytes = FileSizeInBytes(entry),
        ValueCounts = Counts(s => s.ValueCount(entry)),
        NullValueCounts = Counts(s => s.NullValueCount(entry)),
        NanValueCounts = Counts(s => s.NanValueCount(entry)),
        LowerBounds = Bounds(s => s.Lower[entry]),
        UpperBounds = Bounds(s => s.Upper[entry]),
        KeyMetadata = KeyMetadata[entry].IsNull ? null : KeyMetadata[entry].In(Bytes).ToArray(),
        SplitOffsets = SplitOffsets[entry],
        EqualityIds = EqualityIds.Length == 0 ? null : EqualityIds[entry]?.Select(id => (int)id).ToArray(),
        SortOrderId = (int?)Number(SortOrderIds[entry]),
        FirstRowId = FirstRowId(entry),
        ReferencedDataFile = ReferencedDataFiles.Length == 0 || ReferencedDataFiles[entry].IsNull ? null : Text(ReferencedDataFiles[entry].In(Bytes)),
        ContentOffset = ContentOffsets.Length == 0 ? null : Number(ContentOffsets[entry]),
        ContentSizeInBytes = ContentSizes.Length == 0 ? null : Number(ContentSizes[entry]),
    });

    /// <summary>All entries with everything in them, read again from the file.</summary>
    public IReadOnlyList<ManifestEntry> ReadEntries() => ManifestReader.Read(File, Manifest, PartitionType);

    private Dictionary<int, long>? Counts(Func<ColumnStatistics, long?> count)
    {
        Dictionary<int, long>? counts = null;
        foreach (var (id, statistics) in _statistics)
        {
            if (count(statistics) is { } number)
                (counts ??= [])[id] = number;
        }

        return counts;
    }

    private Dictionary<int, byte[]>? Bounds(Func<ColumnStatistics, ByteSlice> bound)
    {
        Dictionary<int, byte[]>? bounds = null;
        foreach (var (id, statistics) in _statistics)
        {
            if (bound(statistics) is { IsNull: false } slice)
                (bounds ??= [])[id] = slice.In(Bytes).ToArray();
        }

        return bounds;
    }
}
