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

        var (paths, isAll, notes) = _changes.Read();

        Assert.Equal(["lake/a", "lake/b", "lake/c"], paths.Order(StringComparer.Ordinal));
        Assert.False(isAll);
        Assert.Equal(2, notes.Count);
    }

    [Fact]
    public void Leave_MoreThanTheLimit_TellsToLookAtAllUntilThatIsRead()
    {
        const int MostBetweenCounts = 256;
        for (int i = 0; i < OutsideChanges.NoteLimit + (2 * MostBetweenCounts); i++)
            _changes.Leave([$"lake/{i}"]);

        var (_, isAll, notes) = _changes.Read();
        Assert.True(isAll);
        Assert.InRange(notes.Count, OutsideChanges.NoteLimit, OutsideChanges.NoteLimit + MostBetweenCounts + 1);

        _changes.Remove(notes);
        _changes.Leave(["lake/after"]);

        Assert.Equal(["lake/after"], _changes.Read().Paths);
        Assert.False(_changes.Read().IsAll);
    }

    public void Dispose() => Directory.Delete(_dataFolder, recursive: true);
}
