using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Iceberg.Transforms;
using Tarn.Metastore.Catalogs;
using Tarn.Storage.Faults;

namespace Tarn.Metastore.Tests.Catalogs.Committing;

/// <summary>Deletes that engines would apply to different rows are refused where they are committed.</summary>
public sealed class AddedDeletesTests : CommittingTestBase
{
    private static readonly PartitionField s_bucket = new(1, 1000, "id_bucket_2", Transform.Bucket(2)), s_id = new(1, 1001, "id", Transform.Identity);
    private static readonly DataFile s_deletes = new()
    {
        Content = FileContent.PositionDeletes, FilePath = "s3://lake/d.parquet", Format = FileFormat.Parquet, RecordCount = 1, FileSizeInBytes = 100,
    };

    /// <summary>The two ways of DuckDB 1.5: the fields of the older spec, and those of both.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_DeletesInThePartitionOfAnotherSpec_IsRefusedAndChangesNothing(bool isOfBoth)
    {
        var table = await EvolvedAsync();
        PartitionField[] fields = isOfBoth ? [s_bucket, s_id] : [s_bucket];
        var commit = await DeleteAsync(table, fields, s_deletes with { Partition = isOfBoth ? [1, null] : [1] });
        var error = await Assert.ThrowsAsync<TarnException>(() => CommitAsync(commit));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        string manifest = ManifestLocation(table);
        Assert.Contains($"adds the delete manifest '{manifest}', whose partitions have the fields 'id_bucket_2' (1000)", error.Message, StringComparison.Ordinal);
        Assert.Contains("spec 2 are 'id' (1001)", error.Message, StringComparison.Ordinal);
        Assert.Equal(table.MetadataLocation, (await LoadAsync()).MetadataLocation);
        var other = await CreateAsync(name: TableIdentifier.Of("sales", "other"));
        await Assert.ThrowsAsync<TarnException>(async () => await Catalog.CommitAsync([commit, SetProperty(other, "a", "b")]));
        Assert.Equal(other.MetadataLocation, (await LoadAsync(other.Identifier)).MetadataLocation);
    }

    /// <summary>Version 3 gives position deletes a data file to name, and equality deletes nothing.</summary>
    [Theory]
    [InlineData(2, FileContent.PositionDeletes, "bring the table to format version 3")]
    [InlineData(3, FileContent.PositionDeletes, "let this one write deletion vectors")]
    [InlineData(2, FileContent.EqualityDeletes, "list them with the partition fields of the spec")]
    [InlineData(3, FileContent.EqualityDeletes, "list them with the partition fields of the spec")]
    public async Task Commit_DeletesInThePartitionOfAnotherSpec_IsToldAWayOutThatHelps(int formatVersion, FileContent content, string wayOut)
    {
        var commit = await DeleteAsync(await EvolvedAsync(formatVersion), [s_bucket], s_deletes with { Content = content, EqualityIds = content == FileContent.EqualityDeletes ? [1] : null, Partition = [1] });
        var error = await Assert.ThrowsAsync<TarnException>(() => CommitAsync(commit));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(wayOut, error.Message, StringComparison.Ordinal);
        Assert.Equal(formatVersion == 2 && content == FileContent.PositionDeletes, error.Message.Contains("format_version = 3", StringComparison.Ordinal));
    }

    /// <summary>What cannot be read is not judged; a store that does not answer is no such thing.</summary>
    [Theory]
    [InlineData(ErrorKind.NotFound, true)]
    [InlineData(ErrorKind.DataCorrupted, true)]
    [InlineData(ErrorKind.InvalidRequest, true)]
    [InlineData(ErrorKind.PermissionDenied, true)]
    [InlineData(ErrorKind.Unavailable, false)]
    public async Task Commit_DeletesThatCannotBeRead_AreTakenUnlessTheStoreDoesNotAnswer(ErrorKind kind, bool isTaken)
    {
        var table = await EvolvedAsync();
        string manifest = ManifestLocation(table);
        var commit = await DeleteAsync(table, [s_bucket], s_deletes with { Partition = [1] });
        var catalog = Over((operation, location) => operation == StoreOperation.Read && location == manifest ? new StoreFault(kind) : null);
        if (isTaken)
            Assert.Single((await catalog.CommitAsync([commit]))[0].Metadata.Snapshots);
        else
            Assert.Equal(kind, (await Assert.ThrowsAsync<TarnException>(async () => await catalog.CommitAsync([commit]))).Kind);
    }

    [Fact]
    public async Task Commit_CheckedAgain_ReadsTheManifestOnce()
    {
        var table = await EvolvedAsync();
        int reads = 0;
        string manifest = ManifestLocation(table);
        var commit = await DeleteAsync(table, [s_bucket], s_deletes with { Partition = [1] });
        var catalog = Over((operation, location) =>
        {
            reads += operation == StoreOperation.Read && location == manifest ? 1 : 0;
            return null;
        });
        for (int i = 0; i < 2; i++)
            await Assert.ThrowsAsync<TarnException>(async () => await catalog.CommitAsync([commit]));
        Assert.Equal(1, reads);
    }

    /// <summary>A client of the Hive Metastore writes metadata files itself.</summary>
    [Fact]
    public async Task Register_NextStateOfATable_IsACommit()
    {
        var table = await EvolvedAsync();
        var commit = await DeleteAsync(table, [s_bucket], s_deletes with { Partition = [1] });
        string location = $"{table.Metadata.Location}/metadata/next.metadata.json";
        await Store.PutAsync(location, TableMetadataJson.Write(TableMetadataBuilder.Apply(table.Metadata, commit.Updates, DateTimeOffset.UnixEpoch.AddDays(1), table.MetadataLocation)));
        var error = await Assert.ThrowsAsync<TarnException>(async () => await Catalog.RegisterTableAsync(Orders, location, table));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Equal(table.MetadataLocation, (await LoadAsync()).MetadataLocation);
        // A table that was so before is taken as it is.
        await Catalog.UnregisterTableAsync(Orders);
        Assert.Equal(location, (await Catalog.RegisterTableAsync(Orders, location)).MetadataLocation);
    }

    [Fact]
    public async Task Commit_DeletesThatTellWhereTheyApply_AreTaken()
    {
        var table = await EvolvedAsync();
        (PartitionField[] Fields, DataFile File)[] taken =
        [
            ([s_id], s_deletes with { Partition = [null] }),
            ([s_bucket, s_id], s_deletes with { Partition = [null, 7L], ReferencedDataFile = "s3://lake/a.parquet" }),
            ([s_bucket], s_deletes with { Partition = [1], ReferencedDataFile = "s3://lake/a.parquet" }),
        ];
        foreach (var (fields, file) in taken)
            table = await CommitAsync(await DeleteAsync(table, fields, file));
        Assert.Equal(3, table.Metadata.Snapshots.Count);
    }

    private EmbeddedCatalog Over(Func<StoreOperation, string, StoreFault?> decide) =>
        new(Catalog.Log, new FaultInjectingObjectStore(Store, decide), new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada" });

    private async Task<TableHandle> EvolvedAsync(int formatVersion = 2)
    {
        var table = await CreateAsync(formatVersion);
        return await CommitAsync(new TableCommit(
            Orders, [], [new TableUpdate.AddPartitionSpec(new PartitionSpec(1, [s_bucket])), new TableUpdate.AddPartitionSpec(new PartitionSpec(2, [s_id])), new TableUpdate.SetDefaultSpec(-1)]));
    }

    private static string ManifestLocation(TableHandle table) => $"{table.Metadata.Location}/metadata/deletes-{table.Metadata.Snapshots.Count}.avro";

    private async Task<TableCommit> DeleteAsync(TableHandle table, PartitionField[] fields, DataFile file)
    {
        var metadata = table.Metadata;
        long id = 100 + metadata.Snapshots.Count, sequenceNumber = metadata.LastSequenceNumber + 1;
        var spec = new PartitionSpec(metadata.DefaultSpecId, [.. fields]);
        var writer = new ManifestWriter(metadata.FormatVersion, metadata.CurrentSchema, spec, spec.PartitionType(metadata.CurrentSchema), ManifestContent.Deletes, id);
        writer.Add(file with { SpecId = spec.SpecId });
        var (bytes, manifest) = writer.Finish(ManifestLocation(table));
        await Store.PutAsync(manifest.ManifestPath, bytes);
        string location = $"{metadata.Location}/metadata/list-{id}-{Guid.NewGuid()}.avro";
        await Store.PutAsync(location, ManifestListWriter.Write(metadata.FormatVersion, id, metadata.CurrentSnapshotId, sequenceNumber, metadata.FormatVersion < 3 ? null : metadata.NextRowId, [manifest]).Bytes);
        var snapshot = new Snapshot
        {
            SnapshotId = id, ParentSnapshotId = metadata.CurrentSnapshotId, SequenceNumber = sequenceNumber, TimestampMs = metadata.LastUpdatedMs, ManifestList = location,
            Summary = Summary, SchemaId = 0, FirstRowId = metadata.FormatVersion < 3 ? null : metadata.NextRowId, AddedRows = metadata.FormatVersion < 3 ? null : 0,
        };
        return new TableCommit(Orders, [], [new TableUpdate.AddSnapshot(snapshot), new TableUpdate.SetSnapshotRef("main", new SnapshotRef(id, SnapshotRefType.Branch))]);
    }

    private static ImmutableSortedDictionary<string, string> Summary { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("operation", "delete");
}
