using Tarn.Access.Identities;
using Tarn.Catalog.Hive.Locks;
using Tarn.Core.Errors;
using Tarn.Testing.Time;

namespace Tarn.Catalog.Tests.Hive.Locks;

public sealed class LockTableTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly LockTable _locks;

    public LockTableTests() => _locks = new LockTable(TimeSpan.FromMinutes(5), _time, SystemRandom.Instance);

    [Fact]
    public void Acquire_SameTable_WaitsInOrder()
    {
        var first = Acquire("a");
        var second = Acquire("b");
        var third = Acquire("c");
        Assert.Equal((HiveLockState.Acquired, HiveLockState.Waiting, HiveLockState.Waiting), (first.State, second.State, third.State));
        Assert.Equal(first.Id, second.BlockedBy);
        _locks.Release(first.Id, "me");
        Assert.Equal(HiveLockState.Waiting, _locks.Check(third.Id, "me")!.State);
        Assert.Equal(HiveLockState.Acquired, _locks.Check(second.Id, "me")!.State);
    }

    [Fact]
    public void Acquire_SameRequestAgain_GetsTheLockThatItHas()
    {
        var first = Acquire("Iceberg-1");
        Assert.Equal(first.Id, Acquire("Iceberg-1").Id);
        Assert.Equal(HiveLockState.Waiting, Acquire("Iceberg-2").State);
        _locks.Release(first.Id, "me");
        var unknown = Acquire("Unknown", "other");
        Assert.NotEqual(unknown.Id, Acquire("Unknown", "other").Id);
    }

    [Fact]
    public void Check_HolderNotHeardOf_LetsTheNextIn()
    {
        var first = Acquire("a");
        var second = Acquire("b");
        for (int i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            Assert.NotNull(_locks.Check(second.Id, "me"));
        }

        Assert.Null(_locks.Check(first.Id, "me"));
        Assert.Equal(HiveLockState.Acquired, _locks.Check(second.Id, "me")!.State);
        _locks.Release(first.Id, "me");
    }

    [Theory]
    [InlineData(HiveLockType.SharedRead, HiveLockType.SharedRead, true)]
    [InlineData(HiveLockType.SharedRead, HiveLockType.SharedWrite, true)]
    [InlineData(HiveLockType.SharedRead, HiveLockType.ExclusiveWrite, true)]
    [InlineData(HiveLockType.SharedRead, HiveLockType.Exclusive, false)]
    [InlineData(HiveLockType.SharedWrite, HiveLockType.SharedWrite, false)]
    [InlineData(HiveLockType.ExclusiveWrite, HiveLockType.SharedWrite, false)]
    internal void Acquire_TwoTypes_ExcludeAsHiveSays(HiveLockType first, HiveLockType second, bool both)
    {
        Acquire("a", type: first);
        Assert.Equal(both ? HiveLockState.Acquired : HiveLockState.Waiting, Acquire("b", type: second).State);
    }

    [Fact]
    public void Acquire_DatabaseOrOtherTable_MeetsWhatIsInside()
    {
        Acquire("a");
        Assert.Equal(HiveLockState.Acquired, Acquire("b", "other").State);
        Assert.Equal(HiveLockState.Waiting, _locks.Acquire([new(HiveLockType.Exclusive, "sales", null, null)], new("u", "h", "c", "me")).State);
        Assert.Equal(HiveLockState.Acquired, _locks.Acquire([new(HiveLockType.Exclusive, "more", null, null)], new("u", "h", "d", "me")).State);
    }

    [Fact]
    public void Locks_OfAnother_AreOutOfReach()
    {
        var first = Acquire("Iceberg-1");
        Assert.Null(_locks.Check(first.Id, "other"));
        _locks.Release(first.Id, "other");
        Assert.NotNull(_locks.Check(first.Id, "me"));
        // The same words by somebody else are another request.
        var other = Acquire("Iceberg-1", principal: "other");
        Assert.Equal((HiveLockState.Waiting, first.Id), (other.State, other.BlockedBy));
    }

    [Fact]
    public void Ids_OfLocks_TellNothingOfEachOther()
    {
        var ids = Enumerable.Range(0, 1_000).Select(i => Acquire("a" + i, "t" + i).Id).ToList();
        Assert.All(ids, id => Assert.True(id > 0));
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.DoesNotContain(ids, id => ids.Contains(id + 1));
        // Each of the 63 bits is set about every other time: 400 of 1,000 is six standard deviations away.
        Assert.All(Enumerable.Range(0, 63), bit => Assert.InRange(ids.Count(id => (id >> bit & 1) == 1), 400, 600));
    }

    [Fact]
    public void Acquire_BeyondTheLimit_IsRefused()
    {
        for (int i = 0; i < LockTable.MaxLocks; i++)
            Acquire("a" + i, "t" + i);
        Assert.Equal(ErrorKind.ResourceExhausted, Assert.Throws<TarnException>(() => Acquire("x", "x")).Kind);
    }

    private HiveLock Acquire(string agent, string table = "orders", HiveLockType type = HiveLockType.Exclusive, string principal = "me") =>
        _locks.Acquire([new HiveLockComponent(type, "sales", table, null)], new HiveLockOwner("u", "h", agent, principal));
}
