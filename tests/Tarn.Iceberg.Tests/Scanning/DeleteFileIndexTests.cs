using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Scanning;

public sealed class DeleteFileIndexTests
{
    private static readonly NestedField Key = new(1, "k", false, SimpleType.Double);
    private static readonly PartitionSpec Partitioned = new(1, [new PartitionField(1, 1000, "k", Transform.Identity)]);
    private static readonly TableMetadata s_table = TableMetadata.New(
        new Schema(0, [Key]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://b", new Dictionary<string, string>(), 2, Guid.Empty, DateTimeOffset.UnixEpoch) with
    {
        PartitionSpecs = [PartitionSpec.Unpartitioned, Partitioned],
    };

    [Fact]
    public void Find_PositionDeletes_ApplyFromTheirSequenceNumberDownInTheirPartition()
    {
        var index = Index(Positions("p5", 5, 1.0), Positions("other", 9, 2.0));
        Assert.Equal(["p5"], Found(index, Data(1.0), 5));
        Assert.Equal(["p5"], Found(index, Data(1.0), 1));
        Assert.Empty(Found(index, Data(1.0), 6));
    }

    [Fact]
    public void Find_EqualityDeletes_ApplyToOlderFilesOnly()
    {
        var index = Index(Equality("global", 5, 0, null), Equality("part", 5, 1, 1.0));
        Assert.Equal(["global", "part"], Found(index, Data(1.0), 4));
        Assert.Empty(Found(index, Data(1.0), 5));
        Assert.Equal(["global"], Found(index, Data(2.0), 4));
    }

    [Fact]
    public void Find_DeletionVector_SupersedesPositionDeletes()
    {
        var vector = Entry(Positions("v", 7, 1.0).DataFile with { Format = FileFormat.Puffin, ReferencedDataFile = "s3a://b/data" }, 7);
        var index = Index(vector, Positions("p", 6, 1.0), Equality("e", 6, 0, null));
        Assert.Equal(["e", "v"], Found(index, Data(1.0), 1));
        var error = Assert.Throws<TarnException>(() => index.Find(Data(1.0), 8));
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Throws<TarnException>(() => Index(vector, vector));
    }

    [Fact]
    public void Find_FileScopedPositionDeletes_ComparePathsAfterMapping()
    {
        byte[] path = "s3n://b/data"u8.ToArray();
        var scoped = Positions("p", 3, 1.0).DataFile with
        {
            LowerBounds = new Dictionary<int, byte[]> { [2147483546] = path },
            UpperBounds = new Dictionary<int, byte[]> { [2147483546] = path },
        };
        var index = Index(Entry(scoped, 3));
        Assert.Equal(["p"], Found(index, Data(1.0), 1));
        Assert.Empty(Found(index, Data(1.0) with { FilePath = "s3://b/other" }, 1));
    }

    [Fact]
    public void Find_DeletesThatNameTheirDataFile_ApplyWhateverTheirPartition()
    {
        var positions = Entry(Positions("p", 3, 1.0).DataFile with { ReferencedDataFile = "s3://b/data", SpecId = 2, Partition = [null] }, 3);
        Assert.Equal(["p"], Found(Index(positions), Data(1.0), 1));
        var vector = Entry(positions.DataFile with { FilePath = "v", Format = FileFormat.Puffin }, 3);
        Assert.Equal(["v"], Found(Index(vector), Data(1.0), 1));
    }

    /// <summary>What a manifest of several specs tells of a partition of another one is null; the rows say where they apply.</summary>
    [Fact]
    public void Find_PositionDeletesOfManySpecs_ApplyAnywhereUnlessTheirPartitionTells()
    {
        var unknown = Entry(Positions("p", 3, 1.0).DataFile with { Partition = [null] }, 3);
        var unpartitioned = Entry(unknown.DataFile with { FilePath = "u", SpecId = 0, Partition = [] }, 3);
        var index = Index(unknown, unpartitioned, Positions("other", 3, 2.0));
        Assert.Equal(["p", "u"], Found(index, Data(1.0), 3));
        Assert.Empty(Found(index, Data(1.0), 4));
        var left = new DeleteFileIndex([unknown], s_table with { PartitionSpecs = [Partitioned] }, _ => null, LocationMap.Empty);
        Assert.Equal(["p"], Found(left, Data(1.0), 3));
        var first = unknown with { DataFile = unknown.DataFile with { SpecId = 0 } };
        var oneSpec = new DeleteFileIndex([first], s_table with { PartitionSpecs = [new PartitionSpec(0, Partitioned.Fields)] }, _ => null, LocationMap.Empty);
        Assert.Empty(Found(oneSpec, Data(1.0) with { SpecId = 0 }, 3));
        Assert.Equal(["p"], Found(oneSpec, Data(1.0) with { SpecId = 0, Partition = [null] }, 3));
    }

    /// <summary>Values of another spec's fields, or of several, tell nothing, even where the table has no other spec any more.</summary>
    [Fact]
    public void Find_PositionDeletesWithThePartitionOfAnotherSpec_ApplyAnywhere()
    {
        var other = Entry(Positions("p", 3, 2.0).DataFile with { HasPartitionOfSpec = false }, 3);
        Assert.Equal(["p"], Found(Index(other), Data(1.0), 3));
        var oneSpec = new DeleteFileIndex([other], s_table with { PartitionSpecs = [Partitioned] }, _ => null, LocationMap.Empty);
        Assert.Equal(["p"], Found(oneSpec, Data(1.0), 3));
    }

    /// <summary>A void field is null; a value is that of an older spec, in which it was no void one.</summary>
    [Fact]
    public void Find_PositionDeletesWithAValueInAVoidField_ApplyAnywhere()
    {
        var table = s_table with { PartitionSpecs = [Partitioned, new PartitionSpec(2, [new PartitionField(1, 1000, "k", Transform.Void), new PartitionField(1, 1001, "k2", Transform.Identity)])] };
        ManifestEntry Deletes(object? ofVoid) => Entry(Positions("p", 3, 1.0).DataFile with { SpecId = 2, Partition = [ofVoid, 2.0] }, 3);
        var data = Data(1.0) with { SpecId = 2, Partition = [null, 1.0] };
        Assert.Equal(["p"], Found(new DeleteFileIndex([Deletes(1.0)], table, _ => null, LocationMap.Empty), data, 3));
        Assert.Empty(Found(new DeleteFileIndex([Deletes(null)], table, _ => null, LocationMap.Empty), data, 3));
    }

    [Fact]
    public void Find_NegativeZeroPartition_IsAnother()
    {
        var index = Index(Positions("p", 3, -0.0), Positions("nan", 3, double.NaN));
        Assert.Empty(Found(index, Data(0.0), 1));
        Assert.Equal(["p"], Found(index, Data(-0.0), 1));
        Assert.Equal(["nan"], Found(index, Data(-double.NaN), 1));
    }

    [Fact]
    public void Find_EqualityDeletesOfOtherValues_AreLeftOut()
    {
        DataFile Stats(DataFile file, double lower, double upper, long nulls, long nans) => file with
        {
            RecordCount = 10,
            ValueCounts = new Dictionary<int, long> { [1] = 10 },
            NullValueCounts = new Dictionary<int, long> { [1] = nulls },
            NanValueCounts = new Dictionary<int, long> { [1] = nans },
            LowerBounds = new Dictionary<int, byte[]> { [1] = BinarySingleValue.Serialize(SimpleType.Double, lower) },
            UpperBounds = new Dictionary<int, byte[]> { [1] = BinarySingleValue.Serialize(SimpleType.Double, upper) },
        };
        var delete = Equality("e", 5, 0, null).DataFile;
        bool Applies(DataFile deletes, DataFile data) => Index(Entry(deletes, 5)).Find(data, 1).Count > 0;
        var low = Stats(Data(1.0), 0, 1, 0, 0);
        Assert.True(Applies(Stats(delete, 1, 2, 0, 0), low));
        Assert.False(Applies(Stats(delete, 2, 3, 0, 0), low));
        Assert.False(Applies(Stats(delete, 2, 3, 5, 5), low));
        Assert.True(Applies(Stats(delete, 2, 3, 1, 0), Stats(Data(1.0), 0, 1, 1, 0)));
        Assert.True(Applies(Stats(delete, 2, 3, 0, 1), Stats(Data(1.0), 0, 1, 0, 1)));
        Assert.True(Applies(delete, low));
    }

    private static DeleteFileIndex Index(params ManifestEntry[] deletes) =>
        new(deletes, s_table, id => id == 1 ? Key : null, LocationMap.Empty);

    private static IEnumerable<string> Found(DeleteFileIndex index, DataFile data, long sequenceNumber) =>
        index.Find(data, sequenceNumber).Select(d => d.DataFile.FilePath);

    private static DataFile Data(double partition) => new()
    {
        FilePath = "s3://b/data",
        Format = FileFormat.Parquet,
        RecordCount = 1,
        FileSizeInBytes = 1,
        SpecId = 1,
        Partition = [partition],
    };

    private static ManifestEntry Positions(string path, long sequenceNumber, double partition) =>
        Entry(Data(partition) with { FilePath = path, Content = FileContent.PositionDeletes }, sequenceNumber);

    private static ManifestEntry Equality(string path, long sequenceNumber, int specId, double? partition) =>
        Entry(
            Data(0) with { FilePath = path, Content = FileContent.EqualityDeletes, EqualityIds = [1], SpecId = specId, Partition = partition is { } p ? [p] : [] },
            sequenceNumber);

    private static ManifestEntry Entry(DataFile file, long sequenceNumber) => new(ManifestEntryStatus.Added, 1, sequenceNumber, sequenceNumber, file);
}
