using System.Text;
using Tarn.Storage.Buckets.Events;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Buckets.Events;

public sealed class EventSpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Peek_Messages_ComeInTheirOrderAndStayUntilRemoved()
    {
        var spool = new EventSpool(_folder["hook"], 10);
        spool.Add("one"u8);
        spool.Add("two"u8);

        Assert.Equal(["one", "one"], [Oldest(spool), Oldest(spool)]);
        spool.RemoveOldest();
        Assert.Equal("two", Oldest(spool));
        spool.RemoveOldest();
        Assert.Null(spool.PeekOldest());
    }

    [Fact]
    public void Open_AfterRestart_GoesOnWithWhatWaited()
    {
        var before = new EventSpool(_folder["hook"], 10);
        before.Add("one"u8);
        before.Add("two"u8);
        before.RemoveOldest();

        var after = new EventSpool(_folder["hook"], 10);
        after.Add("three"u8);

        Assert.Equal((2, "two"), (after.Count, Oldest(after)));
    }

    [Fact]
    public void Add_TooMany_GivesTheOldestUpAndCountsThem()
    {
        var spool = new EventSpool(_folder["hook"], 2);
        foreach (string message in (string[])["one", "two", "three"])
            spool.Add(Encoding.UTF8.GetBytes(message));

        Assert.Equal((2, 1L, "two"), (spool.Count, spool.DroppedCount, Oldest(spool)));
        Assert.Equal(2, Directory.GetFiles(_folder["hook"]).Length);
    }

    [Fact]
    public void Remove_OfWhatWasGivenUpWhileItWasSent_KeepsTheNext()
    {
        var spool = new EventSpool(_folder["hook"], 2);
        spool.Add("one"u8);
        spool.Add("two"u8);
        Assert.Equal("one", Oldest(spool));
        spool.Add("three"u8);
        spool.RemoveOldest();

        Assert.Equal((2, 1L, "two"), (spool.Count, spool.DroppedCount, Oldest(spool)));
    }

    private static string Oldest(EventSpool spool) => Encoding.UTF8.GetString(spool.PeekOldest()!);
}
