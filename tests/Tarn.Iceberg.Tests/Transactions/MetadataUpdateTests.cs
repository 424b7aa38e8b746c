using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Tests.Transactions;

public sealed class MetadataUpdateTests
{
    [Fact]
    public void PartitionSpec_Version2_DropsAndReusesFieldIds()
    {
        var table = TestTable.New(spec: new PartitionSpec(0, [new PartitionField(3, 1000, "at_day", Transform.Day)]));
        table = Apply(table, new UpdatePartitionSpec().AddField("id", Transform.Bucket(16)).AddField("place.x", Transform.Identity, "x"));
        Assert.Equal(["1000 at_day day", "1001 id_bucket_16 bucket[16]", "1002 x identity"], Fields(table));
        table = Apply(table, new UpdatePartitionSpec().RemoveField("at_day").RemoveField("id", Transform.Bucket(16)));
        Assert.Equal(["1002 x identity"], Fields(table));
        table = Apply(table, new UpdatePartitionSpec().AddField("id", Transform.Bucket(16)).AddField("at", Transform.Hour));
        Assert.Equal(["1002 x identity", "1001 id_bucket_16 bucket[16]", "1003 at_hour hour"], Fields(table));
        Assert.Equal(1003, table.LastPartitionId);
        table = Apply(table, new UpdatePartitionSpec().RemoveAll().AddField("at", Transform.Day));
        Assert.Equal((0, 4), (table.DefaultSpecId, table.PartitionSpecs.Count));
        Assert.Empty(new UpdatePartitionSpec().RemoveField("at_day").AddField("at", Transform.Day).Apply(table));
        table = Apply(table, new UpdatePartitionSpec().RenameField("at_day", "day"));
        Assert.Equal(["1000 day day"], Fields(table));
    }

    [Fact]
    public void PartitionSpec_Version1_KeepsRemovedFieldsAsVoid()
    {
        var table = TestTable.New(formatVersion: 1, spec: new PartitionSpec(0, [new PartitionField(3, 1000, "at_day", Transform.Day), new PartitionField(1, 1001, "b", Transform.Bucket(4))]));
        table = Apply(table, new UpdatePartitionSpec().RemoveField("at_day").AddField("at", Transform.Hour));
        Assert.Equal(["1000 at_day void", "1001 b bucket[4]", "1002 at_hour hour"], Fields(table));
        table = Apply(table, new UpdatePartitionSpec().AddField("at", Transform.Month, "at_day"));
        Assert.Equal(["1000 at_day_1000 void", "1001 b bucket[4]", "1002 at_hour hour", "1003 at_day month"], Fields(table));
        Assert.Empty(new UpdatePartitionSpec().RemoveField("b").AddField("id", Transform.Bucket(4), "b").Apply(table));
    }

    [Fact]
    public void PartitionSpec_Illegal_IsRefused()
    {
        var table = TestTable.New(spec: new PartitionSpec(0, [new PartitionField(3, 1000, "at_day", Transform.Day)]));
        Refused(table, new UpdatePartitionSpec().RemoveField("none"), "no such field");
        Refused(table, new UpdatePartitionSpec().RenameField("none", "x"), "no such field");
        Refused(table, new UpdatePartitionSpec().AddField("none", Transform.Day), "no such column");
        Refused(table, new UpdatePartitionSpec().AddField("at", Transform.Day), "already partitioned");
        Refused(table, new UpdatePartitionSpec().AddField("name", Transform.Day), "cannot be applied");
        Refused(table, new UpdatePartitionSpec().AddField("id", Transform.Void), "cannot be added");
        Refused(table, new UpdatePartitionSpec().AddField("id", Transform.Bucket(3), "at_day"), "occurs twice");
    }

    [Fact]
    public void SortOrder_Replaced_IsReusedWhenEqual()
    {
        var table = Apply(TestTable.New(), new ReplaceSortOrder().Ascending("id").Descending("place.x"));
        Assert.Equal((1, 2), (table.DefaultSortOrderId, table.DefaultSortOrder.Fields.Count));
        table = Apply(table, new ReplaceSortOrder());
        Assert.Equal(0, table.DefaultSortOrderId);
        table = Apply(table, new ReplaceSortOrder().Ascending("id").Descending("place.x"));
        Assert.Equal((1, 2), (table.DefaultSortOrderId, table.SortOrders.Count));
        Refused(table, new ReplaceSortOrder().Ascending("none"), "no such column");
    }

    [Fact]
    public void Properties_SetRemoveAndUpgrade_ChangeOnlyWhatDiffers()
    {
        var table = TestTable.New(properties: new() { ["a"] = "1", ["b"] = "2" });
        var updates = new UpdateProperties().Set("a", "1").Set("c", "3").Remove("b").Remove("none").Set("format-version", "3").Apply(table);
        Assert.Equal(3, updates.Count);
        table = TableMetadataBuilder.Apply(table, updates, TestTable.Now);
        Assert.Equal(3, table.FormatVersion);
        Assert.Equal(["a=1", "c=3"], table.Properties.Select(p => $"{p.Key}={p.Value}"));
        Assert.Throws<TarnException>(() => new UpdateProperties().Set("a", "1").Remove("a"));
        Assert.Throws<TarnException>(() => new UpdateProperties().Set("uuid", "1"));
        Refused(table, new UpdateProperties().Set("format-version", "2"), "cannot go back");
        Refused(table, new UpdateProperties().Set("format-version", "x"), "must be 1, 2 or 3");
    }

    [Fact]
    public void Snapshots_RollbackBranchesAndTags_MoveRefs()
    {
        var table = TestTable.New();
        for (long id = 1; id <= 3; id++)
            table = TableMetadataBuilderTests.Append(table, id);
        table = Apply(table, new ManageSnapshots().CreateBranch("audit").CreateTag("v1", 1).RollbackTo(2).SetMinSnapshotsToKeep("audit", 5).SetMaxSnapshotAge("audit", TimeSpan.FromDays(1)).SetMaxRefAge("v1", TimeSpan.FromDays(2)));
        Assert.Equal(2, table.CurrentSnapshotId);
        Assert.Equal(new SnapshotRef(3, SnapshotRefType.Branch) { MinSnapshotsToKeep = 5, MaxSnapshotAgeMs = 86_400_000 }, table.Refs["audit"]);
        Assert.Equal(new SnapshotRef(1, SnapshotRefType.Tag) { MaxRefAgeMs = 172_800_000 }, table.Refs["v1"]);
        table = Apply(table, new ManageSnapshots().FastForward("main", "audit").ReplaceTag("v1", 2).RenameBranch("audit", "kept").CreateOrReplaceTag("v2", 1));
        Assert.Equal((3L, 2L), (table.CurrentSnapshotId, table.Refs["v1"].SnapshotId));
        Assert.Equal(["kept", "main", "v1", "v2"], table.Refs.Keys);
        table = Apply(table, new ManageSnapshots().RollbackToTime(DateTimeOffset.FromUnixTimeMilliseconds(table.FindSnapshot(3)!.TimestampMs)).RemoveTag("v1").RemoveBranch("kept"));
        Assert.Equal((2L, 2), (table.CurrentSnapshotId, table.Refs.Count));
        Refused(table, new ManageSnapshots().RollbackTo(3), "not an ancestor");
        Refused(table, new ManageSnapshots().RollbackTo(9), "no snapshot 9");
        Refused(table, new ManageSnapshots().RollbackToTime(DateTimeOffset.UnixEpoch), "no snapshot in its history");
        Refused(table, new ManageSnapshots().RemoveBranch("main"), "cannot be removed");
        Refused(table, new ManageSnapshots().RemoveBranch("v2"), "is a tag");
        Refused(table, new ManageSnapshots().ReplaceTag("none", 1), "no branch or tag");
        Refused(table, new ManageSnapshots().SetCurrent(3).CreateBranch("x", 1).SetCurrent(2).FastForward("main", "x"), "not an ancestor");
        Assert.Equal(ErrorKind.AlreadyExists, Assert.Throws<TarnException>(() => new ManageSnapshots().CreateTag("v2").Apply(table)).Kind);
        Assert.Equal(3, Apply(table, new ManageSnapshots().SetCurrent(3)).CurrentSnapshotId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ReplaceTable_KeepsIdentityHistoryAndIdsOfKeptColumns(int version)
    {
        var table = TableMetadataBuilderTests.Append(TestTable.New(version, spec: new PartitionSpec(0, [new PartitionField(3, 1000, "at_day", Transform.Day)])), 1);
        var schema = new Schema(0, [new NestedField(1, "fresh", false, SimpleType.Int), new NestedField(2, "name", false, SimpleType.String)]);
        var replaced = Apply(table, new ReplaceTable(schema, new PartitionSpec(0, [new PartitionField(1, 1000, "fresh", Transform.Identity)]), SortOrder.Unsorted, new Dictionary<string, string> { ["p"] = "q" }));
        Assert.Null(replaced.CurrentSnapshotId);
        Assert.Single(replaced.Snapshots);
        Assert.Equal(table.TableUuid, replaced.TableUuid);
        Assert.Equal([13, 2], replaced.CurrentSchema.Fields.Select(f => f.Id));
        Assert.Equal(version == 1 ? ["1000 at_day void", "1001 fresh identity"] : ["1001 fresh identity"], Fields(replaced));
        Assert.Equal("q", replaced.Properties["p"]);
    }

    private static IEnumerable<string> Fields(TableMetadata table) => table.DefaultSpec.Fields.Select(f => $"{f.FieldId} {f.Name} {f.Transform}");

    private static TableMetadata Apply(TableMetadata table, MetadataUpdate update) => TableMetadataBuilder.Apply(table, update.Apply(table), TestTable.Now.AddDays(1));

    private static void Refused(TableMetadata table, MetadataUpdate update, string rule)
    {
        var error = Assert.Throws<TarnException>(() => Apply(table, update));
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }
}
