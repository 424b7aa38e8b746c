using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Tests.Transactions;

public sealed class TableMetadataBuilderTests
{
    private static readonly DateTimeOffset Later = TestTable.Now.AddMinutes(1);

    [Fact]
    public void New_NestedSchema_AssignsIdsLevelByLevelAndMapsReferences()
    {
        var spec = new PartitionSpec(7, [new PartitionField(3, 4711, "at_day", Transform.Day), new PartitionField(7, 4712, "x", Transform.Bucket(4))]);
        var schema = new Schema(9, [.. TestTable.Columns.Fields.Reverse()], [1]);
        spec = new PartitionSpec(7, [spec.Fields[0], spec.Fields[1] with { Name = "x_bucket" }]);
        var metadata = TestTable.New(schema: schema, spec: spec, order: new SortOrder(5, [new SortField([1], Transform.Identity, SortDirection.Descending, NullOrder.NullsLast)]));

        Assert.Equal([1, 2, 3, 4, 5, 6], metadata.CurrentSchema.Fields.Select(f => f.Id));
        Assert.Equal("6: id: required long", metadata.CurrentSchema.FindField("id")!.ToString());
        Assert.Equal([6], metadata.CurrentSchema.IdentifierFieldIds);
        Assert.Equal(12, metadata.LastColumnId);
        Assert.Equal(["at_day", "x_bucket"], metadata.DefaultSpec.Fields.Select(f => f.Name));
        Assert.Equal([1000, 1001], metadata.DefaultSpec.Fields.Select(f => f.FieldId));
        Assert.Equal([4, metadata.CurrentSchema.FindField("place.x")!.Id], metadata.DefaultSpec.Fields.Select(f => f.SourceId));
        Assert.Equal((0, 0, 1, 1001), (metadata.CurrentSchemaId, metadata.DefaultSpecId, metadata.DefaultSortOrderId, metadata.LastPartitionId));
        Assert.Equal(6, metadata.DefaultSortOrder.Fields[0].SourceId);
        Assert.Equal(TableMetadataJson.Write(metadata), TableMetadataJson.Write(TableMetadataBuilder.Apply(null, TableMetadataBuilder.CreationUpdates(metadata), TestTable.Now)));
    }

    [Fact]
    public void Apply_NoEffect_ReturnsSameInstance()
    {
        var metadata = TestTable.New();
        var same = TableMetadataBuilder.Apply(metadata, [new TableUpdate.SetLocation("s3://lake/ns/t/"), new TableUpdate.RemoveProperties(["none"])], Later, "s3://lake/m.json");
        Assert.Same(metadata, same);
    }

    [Fact]
    public void Apply_AddSnapshotToMain_MovesCurrentAndKeepsLogs()
    {
        var v0 = TestTable.New(properties: new() { ["write.metadata.previous-versions-max"] = "2" });
        var v1 = Append(v0, 101, "m0");
        var v2 = Append(v1, 102, "m1");
        var v3 = Append(v2, 103, "m2");

        Assert.Equal(103, v3.CurrentSnapshotId);
        Assert.Equal(3, v3.LastSequenceNumber);
        Assert.Equal(new SnapshotRef(103, SnapshotRefType.Branch), v3.Refs["main"]);
        Assert.Equal([101L, 102, 103], v3.SnapshotLog.Select(e => e.SnapshotId));
        Assert.Equal(["m1", "m2"], v3.MetadataLog.Select(e => e.MetadataFile));
        Assert.Equal(v2.LastUpdatedMs, v3.MetadataLog[^1].TimestampMs);
    }

    [Fact]
    public void Apply_CreationThatNamesTheCurrentSchemaLast_HasItsSnapshot()
    {
        var metadata = TestTable.New();
        var creation = TableMetadataBuilder.CreationUpdates(metadata);
        TableUpdate[] current = [.. creation.Where(u => u is TableUpdate.SetCurrentSchema or TableUpdate.SetDefaultSpec or TableUpdate.SetDefaultSortOrder)];
        var created = TableMetadataBuilder.Apply(null, [.. creation.Except(current), new TableUpdate.AddSnapshot(TestTable.Snapshot(metadata, 101)), SetMain(101), .. current], TestTable.Now);
        Assert.Equal((101, 0), (created.CurrentSnapshotId, created.CurrentSchemaId));
        Assert.Throws<TarnException>(() => TableMetadataBuilder.Apply(null, [new TableUpdate.AddSnapshot(TestTable.Snapshot(metadata, 101)), .. creation], TestTable.Now));
    }

    [Fact]
    public void Apply_OldSequenceNumberWithParent_IsConflict()
    {
        var metadata = Append(Append(TestTable.New(), 101), 102);
        var stale = TestTable.Snapshot(metadata, 103, sequenceNumber: 2);
        Assert.Throws<CommitConflictException>(() => Apply(metadata, new TableUpdate.AddSnapshot(stale)));
        Invalid(metadata, new TableUpdate.AddSnapshot(TestTable.Snapshot(metadata, 101)), "has one with this id");
    }

    [Fact]
    public void Apply_Version3Snapshot_AdvancesNextRowId()
    {
        var v0 = TestTable.New(formatVersion: 3);
        var v1 = Append(v0, 101);
        Assert.Equal(10, v1.NextRowId);
        Invalid(v1, new TableUpdate.AddSnapshot(TestTable.Snapshot(v1, 102) with { FirstRowId = null }), "first-row-id is missing");
        Invalid(v1, new TableUpdate.AddSnapshot(TestTable.Snapshot(v1, 102) with { AddedRows = null }), "added-rows is missing");
        Assert.Throws<CommitConflictException>(() => Apply(v1, new TableUpdate.AddSnapshot(TestTable.Snapshot(v1, 102) with { FirstRowId = 9 })));
        Assert.Equal(35, Apply(v1, new TableUpdate.AddSnapshot(TestTable.Snapshot(v1, 102) with { FirstRowId = 30, AddedRows = 5 })).NextRowId);
    }

    [Fact]
    public void Apply_TwoSnapshotsInOneCommit_LogsOnlyTheLast()
    {
        var v0 = Append(TestTable.New(), 101);
        var first = TestTable.Snapshot(v0, 102);
        var second = TestTable.Snapshot(v0, 103, sequenceNumber: 3, parent: 102);
        var v1 = Apply(v0, new TableUpdate.AddSnapshot(first), SetMain(102), new TableUpdate.AddSnapshot(second), SetMain(103));
        Assert.Equal([101L, 103], v1.SnapshotLog.Select(e => e.SnapshotId));
    }

    [Fact]
    public void Apply_RemoveSnapshots_CutsLogAndDropsRefsAndStatistics()
    {
        var metadata = Append(Append(Append(TestTable.New(), 101), 102), 103);
        metadata = Apply(
            metadata,
            new TableUpdate.SetSnapshotRef("t", new SnapshotRef(102, SnapshotRefType.Tag)),
            new TableUpdate.SetStatistics(new StatisticsFile(102, "s", 1, 1, [])),
            new TableUpdate.SetPartitionStatistics(new PartitionStatisticsFile(102, "p", 1)));
        var after = Apply(metadata, new TableUpdate.RemoveSnapshots([102]));
        Assert.Equal([103L], after.SnapshotLog.Select(e => e.SnapshotId));
        Assert.Equal(["main"], after.Refs.Keys);
        Assert.Empty(after.Statistics);
        Assert.Empty(after.PartitionStatistics);
        Assert.Null(Apply(after, new TableUpdate.RemoveSnapshotRef("main")).CurrentSnapshotId);
    }

    [Fact]
    public void Apply_Rollback_LogsTheTimeOfTheChange()
    {
        var metadata = Append(Append(TestTable.New(), 101), 102);
        var back = TableMetadataBuilder.Apply(metadata, [SetMain(101)], Later);
        Assert.Equal(101, back.CurrentSnapshotId);
        Assert.Equal(Later.ToUnixTimeMilliseconds(), back.SnapshotLog[^1].TimestampMs);
    }

    [Fact]
    public void Apply_ClockGoesBack_LogsStayOrdered()
    {
        var metadata = Append(TestTable.New(), 101);
        var past = TableMetadataBuilder.Apply(metadata, [new TableUpdate.SetProperties(new Dictionary<string, string> { ["a"] = "b" })], TestTable.Now.AddDays(-1), "m");
        Assert.True(past.LastUpdatedMs >= metadata.LastUpdatedMs);
        TableMetadataJson.Read(TableMetadataJson.Write(past), "again");
    }

    [Fact]
    public void Apply_UnknownTransformOfTheTable_MayStay()
    {
        var unknown = new PartitionField(1, 1000, "z", Transform.Parse("zorder[3]"));
        var order = new SortOrder(1, [new SortField([1], unknown.Transform, SortDirection.Ascending, NullOrder.NullsFirst)]);
        var metadata = TestTable.New() with { PartitionSpecs = [new PartitionSpec(0, [unknown])], LastPartitionId = 1000, SortOrders = [order] };
        var next = new PartitionSpec(-1, [unknown, new PartitionField(3, -1, "at_day", Transform.Day)]);
        var evolved = Apply(metadata, new TableUpdate.AddPartitionSpec(metadata.PartitionSpecs[0]), new TableUpdate.AddPartitionSpec(next), new TableUpdate.AddSortOrder(order));
        Assert.Equal(2, evolved.PartitionSpecs.Count);
    }

    [Fact]
    public void Apply_EqualSchemaSpecOrOrder_IsReused()
    {
        var metadata = TestTable.New(spec: new PartitionSpec(0, [new PartitionField(3, 1000, "at_day", Transform.Day)]));
        var wider = new Schema(-1, [.. metadata.CurrentSchema.Fields, new NestedField(13, "extra", false, SimpleType.Int)]);
        var evolved = Apply(metadata, new TableUpdate.AddSchema(wider), new TableUpdate.SetCurrentSchema(-1));
        Assert.Equal((1, 13), (evolved.CurrentSchemaId, evolved.LastColumnId));
        var back = Apply(evolved, new TableUpdate.AddSchema(metadata.CurrentSchema), new TableUpdate.SetCurrentSchema(-1));
        Assert.Equal((0, 2, 13), (back.CurrentSchemaId, back.Schemas.Count, back.LastColumnId));

        var spec = new PartitionSpec(-1, [new PartitionField(3, -1, "at_day", Transform.Day), new PartitionField(1, -1, "id_bucket", Transform.Bucket(8))]);
        var twice = Apply(metadata, new TableUpdate.AddPartitionSpec(spec), new TableUpdate.SetDefaultSpec(-1), new TableUpdate.AddPartitionSpec(spec), new TableUpdate.SetDefaultSpec(-1));
        Assert.Equal([1000, 1001], twice.DefaultSpec.Fields.Select(f => f.FieldId));
        Assert.Equal((1, 2, 1001), (twice.DefaultSpecId, twice.PartitionSpecs.Count, twice.LastPartitionId));

        var order = new SortOrder(-1, [new SortField([1], Transform.Identity, SortDirection.Ascending, NullOrder.NullsFirst)]);
        var sorted = Apply(metadata, new TableUpdate.AddSortOrder(order), new TableUpdate.SetDefaultSortOrder(-1));
        Assert.Equal((1, 2), (sorted.DefaultSortOrderId, sorted.SortOrders.Count));
        Assert.Equal(0, Apply(sorted, new TableUpdate.AddSortOrder(SortOrder.Unsorted), new TableUpdate.SetDefaultSortOrder(-1)).DefaultSortOrderId);
    }

    public static TheoryData<TableUpdate, string> Refusals() => new()
    {
        { new TableUpdate.AssignUuid(Guid.Empty), "cannot be changed" },
        { new TableUpdate.UpgradeFormatVersion(1), "cannot go back" },
        { new TableUpdate.UpgradeFormatVersion(4), "not supported" },
        { new TableUpdate.SetCurrentSchema(-1), "adds none before" },
        { new TableUpdate.SetCurrentSchema(7), "no schema 7" },
        { new TableUpdate.SetDefaultSpec(3), "no partition spec 3" },
        { new TableUpdate.SetDefaultSortOrder(3), "no sort order 3" },
        { new TableUpdate.RemoveSchemas([0]), "is the current one" },
        { new TableUpdate.RemovePartitionSpecs([0]), "is the default" },
        { SetMain(55), "no such snapshot" },
        { new TableUpdate.SetSnapshotRef("main", new SnapshotRef(101, SnapshotRefType.Tag)), "cannot be a tag" },
        { new TableUpdate.SetSnapshotRef("t", new SnapshotRef(101, SnapshotRefType.Tag) { MinSnapshotsToKeep = 3 }), "only branches" },
        { new TableUpdate.SetSnapshotRef("b", new SnapshotRef(101, SnapshotRefType.Branch) { MaxRefAgeMs = 0 }), "above 0" },
        { new TableUpdate.SetLocation("/"), "not a location" },
        { new TableUpdate.AddPartitionSpec(new PartitionSpec(-1, [new PartitionField(2, -1, "h", Transform.Hour)])), "cannot be applied" },
        { new TableUpdate.AddPartitionSpec(new PartitionSpec(-1, [new PartitionField(99, -1, "h", Transform.Hour)])), "does not have" },
        { new TableUpdate.AddPartitionSpec(new PartitionSpec(-1, [new PartitionField(3, -1, "name", Transform.Hour)])), "name of a column" },
        { new TableUpdate.AddPartitionSpec(new PartitionSpec(-1, [new PartitionField(3, -1, "a", Transform.Hour), new PartitionField(3, -1, "b", Transform.Hour)])), "are the same" },
        { new TableUpdate.AddPartitionSpec(new PartitionSpec(-1, [new PartitionField(1, -1, "b", Transform.Parse("bucket[0]"))])), "'bucket[0]' is no transform" },
        { new TableUpdate.AddPartitionSpec(new PartitionSpec(-1, [new PartitionField(1, -1, "b", Transform.Parse("bucket"))])), "'bucket' is no transform" },
        { new TableUpdate.AddPartitionSpec(new PartitionSpec(-1, [new PartitionField(1, -1, "b", Transform.Parse("bucket[99999999999]"))])), "N from 1 to 2147483647" },
        { new TableUpdate.AddSortOrder(new SortOrder(1, [new SortField([1], Transform.Parse("truncate[-1]"), SortDirection.Ascending, NullOrder.NullsFirst)])), "'truncate[-1]' is no transform" },
        { new TableUpdate.AddPartitionSpec(new PartitionSpec(-1, [new PartitionField(9, -1, "t", Transform.Identity)])), "list or map" },
        { Add(new NestedField(1, "dup", false, SimpleType.Int)), "occurs twice" },
        { Add(new NestedField(20, "name", false, SimpleType.Int)), "names in a struct must be unique" },
        { Add(new NestedField(20, "ns", false, SimpleType.TimestampNs)), "needs format version 3" },
        { Add(new NestedField(20, "d", false, SimpleType.Int) { InitialDefault = 1 }), "needs format version 3" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Apply_IllegalUpdate_NamesTheRule(TableUpdate update, string rule) => Invalid(Append(TestTable.New(), 101), update, rule);

    [Fact]
    public void Apply_DropOfPartitionSource_IsRefused()
    {
        var metadata = TestTable.New(spec: new PartitionSpec(0, [new PartitionField(3, 1000, "at_day", Transform.Day)]));
        var narrow = new Schema(-1, [.. metadata.CurrentSchema.Fields.Where(f => f.Id != 3)]);
        var error = Assert.Throws<TarnException>(() => Apply(metadata, new TableUpdate.AddSchema(narrow), new TableUpdate.SetCurrentSchema(-1)));
        Assert.Contains("at_day", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_IncompleteCreation_SaysWhatLacks()
    {
        var error = Assert.Throws<TarnException>(() => TableMetadataBuilder.Apply(null, [new TableUpdate.AssignUuid(Guid.NewGuid())], Later));
        Assert.Contains("set-location", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EachRequirement_HoldsOrSaysWhatWasFound()
    {
        var metadata = Append(TestTable.New(), 101);
        TableRequirement[] good =
        [
            new TableRequirement.AssertTableUuid(metadata.TableUuid!.Value), new TableRequirement.AssertRefSnapshotId("main", 101),
            new TableRequirement.AssertRefSnapshotId("none", null), new TableRequirement.AssertLastAssignedFieldId(12),
            new TableRequirement.AssertCurrentSchemaId(0), new TableRequirement.AssertLastAssignedPartitionId(999),
            new TableRequirement.AssertDefaultSpecId(0), new TableRequirement.AssertDefaultSortOrderId(0),
        ];
        foreach (var requirement in good)
            requirement.Validate(metadata);
        new TableRequirement.AssertCreate().Validate(null);
        TableRequirement[] bad =
        [
            new TableRequirement.AssertCreate(), new TableRequirement.AssertTableUuid(Guid.Empty), new TableRequirement.AssertRefSnapshotId("main", 7),
            new TableRequirement.AssertRefSnapshotId("main", null), new TableRequirement.AssertLastAssignedFieldId(3), new TableRequirement.AssertCurrentSchemaId(3),
            new TableRequirement.AssertLastAssignedPartitionId(3), new TableRequirement.AssertDefaultSpecId(3), new TableRequirement.AssertDefaultSortOrderId(3),
        ];
        foreach (var requirement in bad)
            Assert.Throws<CommitConflictException>(() => requirement.Validate(metadata));
        Assert.Throws<CommitConflictException>(() => good[0].Validate(null));
    }

    [Fact]
    public void FindSnapshot_AfterAddingAndRemoving_FindsWhatIsThere()
    {
        var table = TestTable.New(2);
        for (int i = 1; i <= 5; i++)
            table = Append(table, i);
        var removed = TableMetadataBuilder.Apply(table, [new TableUpdate.RemoveSnapshots([2, 3])], TestTable.Now);
        var again = Append(removed, 6);
        Assert.All(table.Snapshots, s => Assert.Same(s, table.FindSnapshot(s.SnapshotId)));
        Assert.Null(table.FindSnapshot(6));
        Assert.Equal([1L, 4, 5, 6], Enumerable.Range(1, 9).Select(i => again.FindSnapshot(i)).OfType<Snapshot>().Select(s => s.SnapshotId));
        Assert.Null(removed.FindSnapshot(2));
        Assert.Equal(table, table with { Snapshots = table.Snapshots });
    }

    internal static TableMetadata Append(TableMetadata metadata, long id, string? location = null) => TableMetadataBuilder.Apply(
        metadata, [new TableUpdate.AddSnapshot(TestTable.Snapshot(metadata, id)), SetMain(id)], DateTimeOffset.FromUnixTimeMilliseconds(metadata.LastUpdatedMs + 1000), location);

    private static TableUpdate SetMain(long id) => new TableUpdate.SetSnapshotRef("main", new SnapshotRef(id, SnapshotRefType.Branch));

    private static TableUpdate Add(NestedField field) => new TableUpdate.AddSchema(new Schema(-1, [.. TestTable.Columns.Fields, field]));

    private static TableMetadata Apply(TableMetadata metadata, params TableUpdate[] updates) => TableMetadataBuilder.Apply(metadata, updates, Later);

    private static void Invalid(TableMetadata metadata, TableUpdate update, string rule)
    {
        var error = Assert.Throws<TarnException>(() => Apply(metadata, update));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }
}
