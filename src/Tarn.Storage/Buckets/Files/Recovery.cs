using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Index;

namespace Tarn.Storage.Buckets.Files;

/// <summary>
/// Repeats after a restart what the log promised about files. Of everything that happened to a path only the end counts: the file as the last batch
/// wanted it, or none. Bytes are found where the log says they were last certain to be: in a staged file, in the log itself, or under the name that the
/// file had before.
/// </summary>
internal sealed class Recovery(IFileSystem files, BucketFolders folders, DurableFolders durableFolders)
{
    private readonly Dictionary<string, List<Wanted>> _history = new(StringComparer.Ordinal);
    private readonly List<string> _moves = [];

    /// <summary>Takes note of a batch; to be called in the order of the log.</summary>
    public void Replay(ReplayedBatch batch)
    {
        foreach (var effect in FileEffects.Read(batch.Batch.Effects))
            Note(effect, batch);
    }

    /// <summary>Makes the files what they should be. What it changes is not synced but listed.</summary>
    public void Redo(DirtyFiles dirty)
    {
        foreach (string path in _moves.Where(p => _history.GetValueOrDefault(p) is [.., Moved]))
            RedoMove(path, (Moved)_history[path][^1], dirty);
        // What goes makes way for what comes: a file may have become a folder, or a folder a file.
        foreach (var (path, _) in _history.Where(h => h.Value is [.., Gone]))
            Redo(path, new Gone(), dirty);
        foreach (var (path, wanted) in _history.Where(h => h.Value is [.., FromFile or FromLog]))
            Redo(path, wanted[^1], dirty);
    }

    private void Note(FileEffect effect, ReplayedBatch batch)
    {
        if (!_history.TryGetValue(effect.Path, out var history))
            _history[effect.Path] = history = [];
        switch (effect)
        {
            case PlaceFile place:
                _history.Remove(place.Source);
                history.Add(new FromFile(place.Source));
                break;
            case PlaceContent place:
                history.Add(new FromLog(batch.LogPath, batch.EffectsOffset + batch.Batch.Effects.Length - place.Content.Length, place.Content.Length));
                break;
            case MoveFile move:
                history.Add(new Moved(move.Source, _history.GetValueOrDefault(move.Source)?.LastOrDefault()));
                _moves.Add(move.Path);
                NoteGone(move.Source);
                break;
            case RemoveFile:
                history.Add(new Gone());
                break;
            case LeaveFile:
                history.Clear();
                break;
            case CancelEffect when history.Count > 0:
                history.RemoveAt(history.Count - 1);
                break;
        }
    }

    private void NoteGone(string path)
    {
        if (!_history.TryGetValue(path, out var history))
            _history[path] = history = [];
        history.Add(new Gone());
    }

    private void Redo(string path, Wanted wanted, DirtyFiles dirty)
    {
        string absolute = folders.Absolute(path);
        switch (wanted)
        {
            case Gone when files.Stat(absolute) is { IsFolder: false }:
                files.DeleteFile(absolute);
                break;
            case FromFile source when files.Stat(folders.Absolute(source.Path)) is not null:
                PreparePlace(absolute);
                files.Rename(folders.Absolute(source.Path), absolute, replace: true);
                break;
            case FromLog source:
                RedoContent(absolute, source);
                dirty.AddFile(absolute);
                break;
        }

        AddFolders(path, dirty);
    }

    private void RedoMove(string path, Moved move, DirtyFiles dirty)
    {
        string absolute = folders.Absolute(path);
        // A moved file was synced before it got its name.
        if (files.Stat(absolute) is null)
        {
            PreparePlace(absolute);
            if (move.Before is FromFile { Path: var staged } && files.Stat(folders.Absolute(staged)) is not null)
                Redo(path, move.Before, dirty);
            else if (move.Before is FromLog)
                Redo(path, move.Before, dirty);
            else if (files.Stat(folders.Absolute(move.Source)) is { IsFolder: false })
                Redo(path, new FromFile(move.Source), dirty);
            // Before another file takes the old name; recovery may be interrupted, too.
            if (files.Stat(absolute) is not null)
                files.SyncFile(absolute);
            files.SyncFolder(Path.GetDirectoryName(absolute)!);
        }

        AddFolders(path, dirty);
    }

    private void RedoContent(string absolute, FromLog source)
    {
        var content = ReadContent(source);
        if (Holds(absolute, content))
            return;
        PreparePlace(absolute);
        string temporary = Path.Join(folders.Staging, "recovered");
        files.DeleteFile(temporary);
        using (var file = files.CreateNew(temporary))
            file.Write(content, 0);
        files.Rename(temporary, absolute, replace: true);
    }

    private byte[] ReadContent(FromLog source)
    {
        using var log = files.OpenRead(source.LogPath);
        var content = new byte[source.LengthBytes];
        return log.Read(content, source.Offset) == content.Length
            ? content
            : throw TarnException.Corrupted($"'{source.LogPath}' ended while it was read at offset {source.Offset}.");
    }

    private bool Holds(string absolute, byte[] content)
    {
        if (files.Stat(absolute) is not { IsFolder: false } stat || stat.SizeBytes != content.Length)
            return false;
        using var file = files.OpenRead(absolute);
        var present = new byte[content.Length];
        return file.Read(present, 0) == present.Length && present.AsSpan().SequenceEqual(content);
    }

    private void PreparePlace(string absolute)
    {
        durableFolders.Ensure(Path.GetDirectoryName(absolute)!);
        if (files.Stat(absolute) is { IsFolder: true })
            RemoveEmptyTree(absolute);
    }

    private void RemoveEmptyTree(string folder)
    {
        foreach (var entry in files.Enumerate(folder).Where(e => e.IsFolder))
            RemoveEmptyTree(Path.Join(folder, entry.Path));
        durableFolders.Forget(folder);
        files.DeleteFolder(folder);
    }

    private void AddFolders(string path, DirtyFiles dirty)
    {
        for (string parent = path; parent.Contains('/', StringComparison.Ordinal);)
        {
            parent = BucketFolders.Parent(parent);
            dirty.AddFolder(folders.Absolute(parent));
        }
    }

    private abstract record Wanted;

    private sealed record Gone : Wanted;

    private sealed record FromFile(string Path) : Wanted;

    private sealed record FromLog(string LogPath, long Offset, int LengthBytes) : Wanted;

    private sealed record Moved(string Source, Wanted? Before) : Wanted;
}
