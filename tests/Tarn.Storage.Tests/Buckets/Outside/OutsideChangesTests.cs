using Tarn.Core.Files;
using Tarn.Storage.Buckets.Outside;

namespace Tarn.Storage.Tests.Buckets.Outside;

public sealed class OutsideChangesTests : IDisposable
{
    private readonly string _dataFolder = Directory.CreateTempSubdirectory("tarn-outside").FullName;
    private readonly OutsideChanges _changes;

    public OutsideChangesTests()
    {
        _changes = new OutsideChanges(PhysicalFileSystem.Instance, _dataFolder);
        Directory.CreateDirectory(_changes.Folder);
    }

    [Fact]
    public void Read_AFewNotes_GivesTheirPaths()
    {
        _changes.Leave(["lake/a", "lake/b"]);
        _changes.Leave(["lake/c"]);

        var (notes, isAll) = _changes.Read(_ => false);

        Assert.Equal(["lake/a", "lake/b", "lake/c"], notes.SelectMany(n => n.Paths).Order(StringComparer.Ordinal));
        Assert.False(isAll);
        Assert.Equal(2, notes.Count);
        Assert.Equal([notes[1].Name], _changes.Read(name => name == notes[0].Name).Notes.Select(n => n.Name));
        Assert.True(_changes.HasNotes(1));
        Assert.False(_changes.HasNotes(2));
    }

    [Fact]
    public void Leave_MoreThanTheLimit_TellsToLookAtAllUntilThatIsRead()
    {
        const int MostBetweenCounts = 256;
        for (int i = 0; i < OutsideChanges.NoteLimit + (2 * MostBetweenCounts); i++)
            _changes.Leave([$"lake/{i}"]);

        var (notes, isAll) = _changes.Read(_ => false);
        Assert.True(isAll);
        Assert.InRange(notes.Count, OutsideChanges.NoteLimit, OutsideChanges.NoteLimit + MostBetweenCounts + 1);

        _changes.Remove(notes.Select(n => n.Name));
        _changes.Leave(["lake/after"]);

        var (left, isStillAll) = _changes.Read(_ => false);
        Assert.Equal(["lake/after"], left.SelectMany(n => n.Paths));
        Assert.False(isStillAll);
    }

    public void Dispose() => Directory.Delete(_dataFolder, recursive: true);
}
