using Tarn.Storage.Transfer;

namespace Tarn.Storage.Tests.Transfer;

public sealed class TransferPlanTests
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(10, 0, 10, 0, false)]
    [InlineData(10, 0, 11, 0, true)]
    [InlineData(10, 60, 10, 0, true)]
    [InlineData(10, 0.9, 10, 0, false)]
    [InlineData(10, 0, 10, 60, false)]
    public void Sync_FileAtBothEnds_IsCopiedWhenItsSizeDiffersOrTheSourceIsNewer(long size, double writtenAt, long otherSize, double otherWrittenAt, bool copies)
    {
        var plan = TransferPlan.Sync([Item("a", size, writtenAt)], [Item("a", otherSize, otherWrittenAt)], deletes: true);

        Assert.Equal(copies, plan.Copies.Count == 1);
        Assert.Empty(plan.Deletions);
    }

    [Fact]
    public void Sync_FilesAtOneEnd_AreCopiedOrDeleted()
    {
        TransferItem[] source = [Item("new", 5, 0), Item("both", 1, 0)];
        TransferItem[] target = [Item("both", 1, 0), Item("old", 7, 0)];

        var kept = TransferPlan.Sync(source, target, deletes: false);
        var exact = TransferPlan.Sync(source, target, deletes: true);

        Assert.Equal(["new"], kept.Copies.Select(c => c.Name));
        Assert.Equal((5L, 0), (kept.SizeBytes, kept.Deletions.Count));
        Assert.Equal(["old"], exact.Deletions);
    }

    private static TransferItem Item(string name, long size, double seconds) => new(name, size, Noon.AddSeconds(seconds));
}
