using Tarn.Core.Files;
using Tarn.Storage.Buckets.Index;

namespace Tarn.Storage.Buckets.Files;

/// <summary>Carries out the effects of a batch that is durable. Whatever is not synced here goes to the list of dirty files.</summary>
internal sealed class EffectRunner(IFileSystem files, BucketFolders folders, DurableFolders durableFolders)
{
    private readonly ReplacedFiles _replaced = new(files);

    public void Run(IEnumerable<FileEffect> effects, DirtyFiles dirty)
    {
        foreach (var effect in effects)
            Run(effect, dirty);
    }

    /// <summary>Takes back moves after a later effect failed; what was not carried out needs nothing.</summary>
    public void TakeBack(IEnumerable<FileEffect> effects)
    {
        foreach (var move in effects.OfType<MoveFile>().Reverse())
        {
            if (files.Stat(folders.Absolute(move.Path)) is not null && files.Stat(folders.Absolute(move.Source)) is null)
            {
                files.Rename(folders.Absolute(move.Path), folders.Absolute(move.Source), replace: false);
                files.SyncFolder(folders.Absolute(BucketFolders.Parent(move.Source)));
            }
        }
    }

    private void Run(FileEffect effect, DirtyFiles dirty)
    {
        string path = folders.Absolute(effect.Path);
        switch (effect)
        {
            case PlaceFile place:
                using (_replaced.Hold(path))
                    Place(place.Source, effect.Path, dirty);
                break;
            case PlaceContent place:
                Place(place.Source, effect.Path, dirty);
                dirty.AddFile(path);
                break;
            case MoveFile move:
                Move(move.Source, effect.Path, dirty);
                break;
            case RemoveFile:
                files.DeleteFile(path);
                dirty.AddFolder(folders.Absolute(BucketFolders.Parent(effect.Path)));
                break;
        }
    }

    private void Place(string source, string target, DirtyFiles dirty)
    {
        PrepareFolder(target, dirty);
        files.Rename(folders.Absolute(source), folders.Absolute(target), replace: true);
    }

    // Synced at once, because after the next rename over the source the log could not bring these bytes back.
    private void Move(string source, string target, DirtyFiles dirty)
    {
        PrepareFolder(target, dirty);
        files.SyncFile(folders.Absolute(source));
        files.Rename(folders.Absolute(source), folders.Absolute(target), replace: true);
        files.SyncFolder(folders.Absolute(BucketFolders.Parent(target)));
        dirty.AddFolder(folders.Absolute(BucketFolders.Parent(source)));
    }

    private void PrepareFolder(string target, DirtyFiles dirty)
    {
        string parent = BucketFolders.Parent(target);
        if (target.StartsWith(BucketFolders.ObjectsName + "/", StringComparison.Ordinal))
        {
            durableFolders.Ensure(folders.Absolute(parent));
            dirty.AddFolder(folders.Absolute(parent));
            return;
        }

        // Folders of plain files were created when the path was reserved, and may be as new as the file.
        for (; parent.Contains('/', StringComparison.Ordinal); parent = BucketFolders.Parent(parent))
            dirty.AddFolder(folders.Absolute(parent));
        dirty.AddFolder(folders.Absolute(parent));
    }
}
