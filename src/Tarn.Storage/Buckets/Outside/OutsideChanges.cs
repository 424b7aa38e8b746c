using System.Text;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Files;

namespace Tarn.Storage.Buckets.Outside;

/// <summary>
/// Notes for the owner of the object index about files of buckets that were written or deleted without it, one small file for each group of changes.
/// A note says where to look, not what happened; it is not synced, because the owner also compares all files with the index when it starts.
/// Nobody leaves notes in a data folder that never had an object store.
/// </summary>
internal sealed class OutsideChanges(IFileSystem files, string dataFolder)
{
    /// <summary>Notes that are kept at the most; beyond that the owner is told to look at everything.</summary>
    public const int NoteLimit = 4096;

    private const string FolderName = "outside", Unfinished = ".new", LookAtAll = "all";
    private const int NotesBetweenCounts = 256;

    private readonly string _folder = Path.Join(dataFolder, BucketFolders.ObjectsName, FolderName);
    private int _notes;
    private bool _isFull;

    public string Folder => _folder;

    /// <summary>Leaves a note. A failure is not one of the change itself, which is durable already, and only makes listings late.</summary>
    /// <param name="paths">Paths relative to the data folder: bucket, slash, key.</param>
    public void Leave(IEnumerable<string> paths)
    {
        try
        {
            if (files.Stat(_folder) is null || IsFull())
                return;
            string name = Path.Join(_folder, Guid.NewGuid().ToString("N"));
            using (var note = files.CreateNew(name + Unfinished))
                note.Write(Encoding.UTF8.GetBytes(string.Join('\0', paths)), 0);
            files.Rename(name + Unfinished, name, replace: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>Whether there are notes beside some.</summary>
    /// <param name="others">How many of those there are.</param>
    public bool HasNotes(int others) => files.Enumerate(_folder).Count > others;

    /// <summary>Reads the notes there are.</summary>
    /// <param name="isKnown">Notes that are left out.</param>
    /// <returns>The notes, to remove after looking there, and before looking at everything; whether to look at everything.</returns>
    public (IReadOnlyList<OutsideNote> Notes, bool IsAll) Read(Predicate<string> isKnown)
    {
        var names = files.Enumerate(_folder).Select(e => e.Path).Where(n => !n.EndsWith(Unfinished, StringComparison.Ordinal) && !isKnown(n)).ToList();
        return ([.. names.Select(n => new OutsideNote(n, n == LookAtAll ? [] : Content(Path.Join(_folder, n)).Split('\0', StringSplitOptions.RemoveEmptyEntries)))], names.Contains(LookAtAll));
    }

    public void Remove(IEnumerable<string> notes)
    {
        foreach (string note in notes)
            files.DeleteFile(Path.Join(_folder, note));
    }

    private string Content(string path)
    {
        using var file = files.OpenRead(path);
        var content = new byte[checked((int)file.LengthBytes)];
        return Encoding.UTF8.GetString(content, 0, file.Read(content, 0));
    }

    // To count thousands of notes takes long; that the owner has not looked at everything yet is one look.
    private bool IsFull()
    {
        string all = Path.Join(_folder, LookAtAll);
        if (_isFull)
            _isFull = files.Stat(all) is not null;
        if (!_isFull && Interlocked.Increment(ref _notes) % NotesBetweenCounts == 1)
        {
            _isFull = files.Enumerate(_folder).Count > NoteLimit;
            if (_isFull)
                files.OpenWrite(all).Dispose();
        }

        return _isFull;
    }
}

/// <summary>A note about changed files.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Paths">Where to look: bucket, slash, key.</param>
internal sealed record OutsideNote(string Name, IReadOnlyList<string> Paths);
