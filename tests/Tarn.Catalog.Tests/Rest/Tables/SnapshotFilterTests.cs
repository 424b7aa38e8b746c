using System.Runtime.InteropServices;
using System.Text;
using Tarn.Catalog.Rest.Tables;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Catalog.Tests.Rest.Tables;

public sealed class SnapshotFilterTests
{
    /// <summary>The text is kept with the metadata: what is left of a megabyte must not hold a megabyte.</summary>
    [Fact]
    public void Apply_Refs_KeepsNoMoreMemoryThanTheTextThatIsLeft()
    {
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/t", new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch) with
        {
            Snapshots = [.. Enumerable.Range(1, 1000).Select(i => new Snapshot { SnapshotId = i, SequenceNumber = i, TimestampMs = i, ManifestList = $"s3://lake/t/metadata/snap-{i}.avro", SchemaId = 0 })],
            LastSequenceNumber = 1000,
            CurrentSnapshotId = 1000,
        };
        metadata = metadata with { Refs = metadata.Refs.Add(Snapshot.MainBranch, new SnapshotRef(1000, SnapshotRefType.Branch)) };
        var table = new TableHandle(TableIdentifier.Of("a", "t"), "s3://lake/t/metadata/0.json", metadata);
        var filter = new SnapshotFilter();
        var kept = filter.Apply(table, SnapshotMode.Refs);
        Assert.Contains("snap-1000.avro", Encoding.UTF8.GetString(kept.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("snap-999.avro", Encoding.UTF8.GetString(kept.Span), StringComparison.Ordinal);
        Assert.True(MemoryMarshal.TryGetArray(kept, out var array));
        Assert.Equal(kept.Length, array.Array!.Length);
        Assert.True(filter.Apply(table, SnapshotMode.Refs).Equals(kept));
    }
}
