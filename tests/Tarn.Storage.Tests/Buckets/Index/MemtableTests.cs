using System.Buffers.Binary;
using Tarn.Storage.Buckets.Index;

namespace Tarn.Storage.Tests.Buckets.Index;

/// <summary>
/// What readers of the newest changes see while somebody writes. The sought key is so long that a search spends nearly all its time comparing it with
/// the last node it looks at: insertions before that node fall into this moment.
/// </summary>
public sealed class MemtableTests
{
    private const int Insertions = 100_000, SoughtBytes = 4 << 20;

    [Fact]
    public async Task TryGet_WhileKeysAreInsertedJustBeforeIt_FindsTheKey()
    {
        var table = new Memtable();
        table.Set(Sought(), [1]);
        byte[] sought = Sought();
        var inserting = InsertBeforeSought(table);
        while (!inserting.IsCompleted)
            Assert.True(table.TryGet(sought, out _));
        await inserting;
    }

    [Fact]
    public async Task Seek_WhileKeysAreInsertedJustBeforeTheTarget_NeverStandsBeforeIt()
    {
        var table = new Memtable();
        table.Set(Sought(), [1]);
        byte[] sought = Sought();
        var inserting = InsertBeforeSought(table);
        using var cursor = table.Open();
        while (!inserting.IsCompleted)
            Assert.True(cursor.Seek(sought) && cursor.Key.SequenceEqual(sought));
        await inserting;
    }

    [Fact]
    public async Task MoveNext_WhileEntriesAreReplacedByLesserOnes_AlwaysMeetsOne()
    {
        var table = new Memtable();
        table.Set(Key(0), [0]);
        table.Set(Key(Insertions), [0]);
        var replacing = ReplaceDownwards(table);
        using var cursor = table.Open();
        while (!replacing.IsCompleted)
        {
            Assert.True(cursor.Seek(Key(0)) && cursor.MoveNext());
            Assert.False(cursor.IsRemoved, $"the entry {BinaryPrimitives.ReadInt32BigEndian(cursor.Key)} is seen removed, and the one that replaced it is not seen");
        }

        await replacing;
    }

    // As an overwritten object: the newer version stands before the older one, and comes before that one goes.
    private static Task ReplaceDownwards(Memtable table) => Task.Factory.StartNew(
        () =>
        {
            for (int number = Insertions; number > 1; number--)
            {
                table.Set(Key(number - 1), [0]);
                table.Set(Key(number), null);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    // Ascending, so that each is the last one before the sought key.
    private static Task InsertBeforeSought(Memtable table) => Task.Factory.StartNew(
        () =>
        {
            for (int number = 0; number < Insertions; number++)
                table.Set(Key(number), [0]);
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static byte[] Sought()
    {
        var key = new byte[SoughtBytes];
        key[0] = byte.MaxValue;
        return key;
    }

    private static byte[] Key(int number)
    {
        var key = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return key;
    }
}
