using Tarn.Core.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Tests.Transactions;
using Tarn.Iceberg.Transactions;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Tests.Scanning;

/// <summary>
/// Delete files as DuckDB's extension lists them after a change of the partitioning: in a manifest of the newest spec whose partition record has
/// the fields of the data files' older one.
/// </summary>
public sealed class EvolvedSpecDeletesTests
{
    private static readonly DataFile Vector = Lake.File("a", rows: 1, region: "north") with
    {
        Content = FileContent.PositionDeletes, Format = FileFormat.Puffin, FilePath = "s3://lake/ns/t/data/v.puffin", ReferencedDataFile = Lake.File("a").FilePath,
        ContentOffset = 4, ContentSizeInBytes = 42, SpecId = 1, LowerBounds = null, UpperBounds = null,
    };

    private static readonly DataFile OfMany = Vector with { Format = FileFormat.Parquet, ReferencedDataFile = null, ContentOffset = null, ContentSizeInBytes = null };

    [Fact]
    public async Task PlanAsync_VectorOfAnOlderSpec_AppliesWhateverIsAskedFor()
    {
        using var lake = await EvolvedAsync();
        var table = await WithDeletesAsync(lake, Vector);
        foreach (long id in Enumerable.Range(0, 10))
        {
            var scan = TableScan.Of(table).Where(Expression.Compare(Operation.Eq, Term.Column("id"), Literal.Of(id)));
            var task = Assert.Single((await new ScanPlanner(lake.Store, new ManifestCache()).PlanAsync(scan)).Tasks);
            Assert.Equal(Vector.FilePath, Assert.Single(task.Deletes).DataFile.FilePath);
        }
    }

    [Fact]
    public async Task DeleteFiles_OfTheNewSpecsNullPartition_KeepsTheVectorOfAnOlderSpec()
    {
        using var lake = await EvolvedAsync();
        await lake.CommitAsync(new FastAppend().Add(Lake.File("nulls") with { SpecId = 1, Partition = [null, null], NullValueCounts = new Dictionary<int, long> { [1] = 10 } }));
        await WithDeletesAsync(lake, Vector);
        var table = await lake.CommitAsync(new DeleteFiles().Delete(Lake.File("nulls").FilePath).DeleteWhere(Expression.Test(Operation.IsNull, Term.Column("region"))));
        Assert.Equal(["a", "v"], await lake.LiveAsync(table));
        table = await lake.CommitAsync(new DeleteFiles().Delete(Lake.File("a").FilePath));
        Assert.Empty(await lake.LiveAsync(table));
    }

    /// <summary>As DuckDB lists position deletes of version 2, for which it names no data file: each row of them does.</summary>
    [Fact]
    public async Task PlanAsync_PositionDeletesWithoutTheirPartition_ApplyWhereTheirRowsSay()
    {
        using var lake = await EvolvedAsync();
        var table = await WithDeletesAsync(lake, OfMany);
        foreach (long id in Enumerable.Range(0, 10))
        {
            var scan = TableScan.Of(table).Where(Expression.Compare(Operation.Eq, Term.Column("id"), Literal.Of(id)));
            var task = Assert.Single((await new ScanPlanner(lake.Store, new ManifestCache()).PlanAsync(scan)).Tasks);
            Assert.Equal(OfMany.FilePath, Assert.Single(task.Deletes).DataFile.FilePath);
        }
    }

    [Fact]
    public async Task DeleteFiles_OfTheNewSpecsNullPartition_KeepsPositionDeletesOfAnOlderSpec()
    {
        using var lake = await EvolvedAsync();
        await lake.CommitAsync(new FastAppend().Add(Lake.File("nulls") with { SpecId = 1, Partition = [null, null], NullValueCounts = new Dictionary<int, long> { [1] = 10 } }));
        await WithDeletesAsync(lake, OfMany);
        var table = await lake.CommitAsync(new DeleteFiles().Delete(Lake.File("nulls").FilePath).DeleteWhere(Expression.Test(Operation.IsNull, Term.Column("region"))));
        Assert.Equal(["a", "v"], await lake.LiveAsync(table));
    }

    [Fact]
    public async Task Read_RowsOrEqualityDeletesWithoutTheirPartition_AreRefused()
    {
        using var many = await EvolvedAsync();
        var ambiguous = await WithDeletesAsync(many, OfMany with { Content = FileContent.EqualityDeletes, EqualityIds = [1] });
        var error = await Assert.ThrowsAsync<TarnException>(async () => await new ScanPlanner(many.Store).PlanAsync(TableScan.Of(ambiguous)));
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Contains("has no partition field 'id_bucket_2' (1001); it has 'region' (1000). Its equality deletes apply to the rows of their partition", error.Message, StringComparison.Ordinal);

        using var lake = await EvolvedAsync();
        var table = (await lake.TableAsync()).Metadata;
        var (bytes, manifest) = Manifest(table, ManifestContent.Data, 9, Lake.ByRegion.Fields, Lake.File("b", region: "north") with { SpecId = 1 });
        var type = table.PartitionType(table.Spec(1));
        Assert.Throws<TarnException>(() => ManifestReader.Read(bytes, manifest with { SequenceNumber = 1 }, type));
        Assert.Throws<TarnException>(() => ColumnarManifest.Decode(bytes, manifest with { SequenceNumber = 1 }, type, ColumnarProjection.Minimal));
    }

    /// <summary>A record with the fields of several specs: a manifest that is written anew has no such, so it must not seem that the partition tells.</summary>
    [Fact]
    public async Task PlanAsync_PositionDeletesWithFieldsOfSeveralSpecs_ApplyWhereTheirRowsSayAlsoWhenWrittenAnew()
    {
        using var lake = await EvolvedAsync();
        var b = Lake.File("b") with { SpecId = 1, Partition = [1, "s"] };
        await lake.CommitAsync(new FastAppend().Add(b));
        var ofMany = OfMany with { Partition = ["north", 1, "s"] };
        var table = await WithDeletesAsync(lake, Both, ofMany, ofMany with { FilePath = "s3://lake/ns/t/data/of-b.parquet", ReferencedDataFile = b.FilePath });
        Assert.Contains(OfMany.FilePath, await DeletesOfAAsync(lake, table));
        table = await lake.CommitAsync(new DeleteFiles().Delete(b.FilePath));
        Assert.Equal(["a", "v"], await lake.LiveAsync(table));
        Assert.Equal([OfMany.FilePath], await DeletesOfAAsync(lake, table));
    }

    /// <summary>What was listed while the older spec was there tells no more once no data file has that and it is removed, whether its manifest was written anew before or not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PlanAsync_PositionDeletesOfATableWhoseOlderSpecIsRemoved_ApplyWhereTheirRowsSay(bool isWrittenAnew)
    {
        using var lake = await EvolvedAsync();
        var b = Lake.File("b") with { SpecId = 1, Partition = [1, "s"] };
        await lake.CommitAsync(new FastAppend().Add(b));
        var ofA = OfMany with { FilePath = "s3://lake/ns/t/data/of-a.parquet", ReferencedDataFile = Lake.File("a").FilePath };
        await (isWrittenAnew ? WithDeletesAsync(lake, Lake.ByRegion.Fields, OfMany, ofA) : WithDeletesAsync(lake, Lake.ByRegion.Fields, OfMany));
        await lake.CommitAsync(new DeleteFiles().Delete(Lake.File("a").FilePath));
        var table = (await lake.Catalog.CommitAsync([new(Lake.Name, [], [new TableUpdate.RemovePartitionSpecs([0])])]))[0].Metadata;
        Assert.Equal(1, Assert.Single(table.PartitionSpecs).SpecId);
        foreach (var filter in new[] { Expression.True, Expression.Compare(Operation.Eq, Term.Column("region"), Literal.Of("south")) })
        {
            var tasks = (await new ScanPlanner(lake.Store, new ManifestCache()).PlanAsync(TableScan.Of(table).Where(filter))).Tasks;
            Assert.Equal(OfMany.FilePath, Assert.Single(Assert.Single(tasks).Deletes).DataFile.FilePath);
        }
    }

    private static async Task<IEnumerable<string>> DeletesOfAAsync(Lake lake, TableMetadata table) =>
        (await new ScanPlanner(lake.Store, new ManifestCache()).PlanAsync(TableScan.Of(table))).Tasks.Single(t => t.File.FilePath == Lake.File("a").FilePath).Deletes.Select(d => d.DataFile.FilePath);

    /// <summary>It could hold nothing but null.</summary>
    [Fact]
    public async Task Read_ManifestWithoutTheVoidFieldOfItsSpec_HasNullThere()
    {
        using var lake = await EvolvedAsync();
        var table = (await lake.TableAsync()).Metadata;
        var (bytes, manifest) = Manifest(table, ManifestContent.Data, 9, Lake.ByRegion.Fields, Lake.File("b", region: "north") with { SpecId = 1 });
        var type = new PartitionSpec(1, [new PartitionField(1, 1001, "id", Transform.Void), .. Lake.ByRegion.Fields]).PartitionType(table.CurrentSchema);
        var file = Assert.Single(ManifestReader.Read(bytes, manifest with { SequenceNumber = 1 }, type)).DataFile;
        Assert.Equal([null, "north"], file.Partition);
        Assert.True(file.HasPartitionOfSpec);
        Assert.Equal([null, "north"], ColumnarManifest.Decode(bytes, manifest with { SequenceNumber = 1 }, type, ColumnarProjection.Minimal).Entry(0).DataFile.Partition);
    }

    // Those of the older spec, then those of the newer one.
    private static IReadOnlyList<PartitionField> Both =>
        [.. Lake.ByRegion.Fields, new PartitionField(1, 1001, "id_bucket_2", Transform.Bucket(2)), new PartitionField(Lake.ByRegion.Fields[0].SourceId, 1002, "region_trunc_1", Transform.Truncate(1))];

    private static async Task<Lake> EvolvedAsync()
    {
        var lake = await Lake.WithTableAsync(formatVersion: 3, spec: Lake.ByRegion);
        await lake.CommitAsync(new FastAppend().Add(Lake.File("a", region: "north")));
        await lake.CommitAsync(new UpdatePartitionSpec().RemoveField("region").AddField("id", Transform.Bucket(2)).AddField("region", Transform.Truncate(1)));
        return lake;
    }

    private static (byte[] Bytes, ManifestFile Manifest) Manifest(TableMetadata table, ManifestContent content, long snapshotId, IReadOnlyList<PartitionField> fields, params DataFile[] files)
    {
        var mislabelled = new PartitionSpec(1, fields);
        var writer = new ManifestWriter(3, table.CurrentSchema, mislabelled, mislabelled.PartitionType(table.CurrentSchema), content, snapshotId);
        foreach (var file in files)
            writer.Add(file);
        return writer.Finish($"s3://lake/ns/t/metadata/{content}-{snapshotId}.avro");
    }

    private static Task<TableMetadata> WithDeletesAsync(Lake lake, DataFile deletes) => WithDeletesAsync(lake, Lake.ByRegion.Fields, deletes);

    private static async Task<TableMetadata> WithDeletesAsync(Lake lake, IReadOnlyList<PartitionField> fields, params DataFile[] deletes)
    {
        var handle = await lake.TableAsync();
        var table = handle.Metadata;
        var parent = table.CurrentSnapshot!;
        long id = parent.SnapshotId + 1;
        var (bytes, manifest) = Manifest(table, ManifestContent.Deletes, id, fields, deletes);
        manifest = manifest with { Partitions = [new FieldSummary(true, false, null, null), new FieldSummary(true, false, null, null)] };
        var list = ManifestListWriter.Write(3, id, parent.SnapshotId, table.LastSequenceNumber + 1, table.NextRowId, [.. await lake.ManifestsAsync(parent), manifest]);
        string location = $"s3://lake/ns/t/metadata/list-{id}.avro";
        await lake.Store.PutAsync(manifest.ManifestPath, bytes);
        await lake.Store.PutAsync(location, list.Bytes);
        var snapshot = parent with
        {
            SnapshotId = id, ParentSnapshotId = parent.SnapshotId, SequenceNumber = table.LastSequenceNumber + 1, ManifestList = location, FirstRowId = table.NextRowId, AddedRows = 0,
        };
        TableUpdate[] updates = [new TableUpdate.AddSnapshot(snapshot), new TableUpdate.SetSnapshotRef("main", new SnapshotRef(id, SnapshotRefType.Branch))];
        return (await lake.Catalog.CommitAsync([new(Lake.Name, [], updates)]))[0].Metadata;
    }
}
