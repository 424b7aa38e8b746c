using System.Text;
using Tarn.Core.Errors;
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

    [Fact]
    public void Add_DiskBecomesFull_LeavesNothingOfTheMessage()
    {
        var disk = new FullDiskFileSystem();
        var spool = new EventSpool(_folder["hook"], 10, disk);
        spool.Add("whole"u8);
        disk.RoomBytes = 2;
        Assert.Equal(ErrorKind.ResourceExhausted, Assert.Throws<TarnException>(() => spool.Add("torn"u8)).Kind);
        disk.RoomBytes = 100;
        spool.Add("next"u8);

        var after = new EventSpool(_folder["hook"], 10);
        Assert.Equal((2, "whole"), (after.Count, Oldest(after)));
        after.RemoveOldest();
        Assert.Equal("next", Oldest(after));
    }

    [Fact]
    public void Open_AfterAKillInTheMiddleOfAMessage_RemovesIt()
    {
        var before = new EventSpool(_folder["hook"], 10);
        before.Add("one"u8);
        string whole = Assert.Single(Directory.GetFiles(_folder["hook"]));
        File.WriteAllText(Path.ChangeExtension(whole, ".tmp"), "on");

        Assert.Equal("one", Oldest(new EventSpool(_folder["hook"], 10)));
        Assert.Equal([whole], Directory.GetFiles(_folder["hook"]));
    }

    [Fact]
    public void GiveUp_MessageWithoutItsBytes_CountsItAndGoesOn()
    {
        var spool = new EventSpool(_folder["hook"], 10);
        spool.Add("one"u8);
        File.WriteAllBytes(Assert.Single(Directory.GetFiles(_folder["hook"])), []);
        spool.Add("two"u8);
        Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(spool.PeekOldest).Kind);
        spool.GiveUpOldest();

        Assert.Equal((1, 1L, "two"), (spool.Count, spool.DroppedCount, Oldest(spool)));
    }

    private static string Oldest(EventSpool spool) => Encoding.UTF8.GetString(spool.PeekOldest()!);
}
