using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Core.Storage;

namespace Tarn.Storage.Local;

public sealed partial class LocalObjectStore
{
    // Enough to keep a disk's queue busy; more only makes the file system's journal wait for itself.
    private const int ParallelSyncs = 8;

    /// <inheritdoc/>
    public StagedFile Stage(string extension)
    {
        try
        {
            return new LocalStagedFile(_files, _staging.NextPath(extension));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, "Cannot stage a file", _stagingRoot);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ObjectStat> PutAsync(string location, ReadOnlyMemory<byte> content, PutCondition condition = PutCondition.IfAbsent, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = TargetPath(location);
        try
        {
            bool replace = condition == PutCondition.Overwrite;
            if (_files.Stat(path) is { } present && (present.IsFolder || !replace))
                throw Taken(location, path, present.IsFolder);
            string folder = PrepareFolder(path);
            Write(path, content, replace);
            _files.SyncFolder(folder);
            TellIndex([path]);
            return ValueTask.FromResult(StatStored(location, path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw WriteError(error, location, path);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ObjectStat>> AdoptAsync(IReadOnlyList<(StagedFile File, string Location)> files, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var adoptions = files.Select(f => new Adoption((LocalStagedFile)f.File, f.Location, TargetPath(f.Location))).ToArray();
        SyncAll(adoptions);
        var renamed = new List<Adoption>(adoptions.Length);
        try
        {
            foreach (var adoption in adoptions)
            {
                Rename(adoption);
                renamed.Add(adoption);
            }

            foreach (string folder in adoptions.Select(a => a.Folder).Distinct(StringComparer.Ordinal))
                _files.SyncFolder(folder);
            foreach (var adoption in adoptions)
                adoption.File.Consume();
            TellIndex(adoptions.Select(a => a.Path));
            return ValueTask.FromResult<IReadOnlyList<ObjectStat>>([.. adoptions.Select(a => StatStored(a.Location, a.Path))]);
        }
        catch (Exception error)
        {
            TakeBack(renamed);
            if (error is IOException or UnauthorizedAccessException)
                throw WriteError(error, adoptions[Math.Min(renamed.Count, adoptions.Length - 1)].Location, adoptions[Math.Min(renamed.Count, adoptions.Length - 1)].Path);
            throw;
        }
    }

    private void SyncAll(Adoption[] adoptions)
    {
        try
        {
            if (adoptions.Length == 1)
                Sync(adoptions[0]);
            else
                Parallel.ForEach(adoptions, new ParallelOptions { MaxDegreeOfParallelism = ParallelSyncs }, Sync);
        }
        catch (AggregateException error) when (error.InnerException is TarnException first)
        {
            throw new TarnException(first.Kind, first.Message, first);
        }
    }

    private void Sync(Adoption adoption)
    {
        try
        {
            _files.SyncFile(adoption.File.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot store '{adoption.Location}' from its staged file", adoption.File.Path);
        }
    }

    private void Rename(Adoption adoption)
    {
        PrepareFolder(adoption.Path);
        try
        {
            _files.Rename(adoption.File.Path, adoption.Path, replace: false);
        }
        catch (IOException error) when (FileErrors.IsOtherVolume(error))
        {
            CopyBeside(adoption);
        }
        catch (IOException error) when (FileErrors.IsAlreadyThere(error))
        {
            throw Taken(adoption.Location, adoption.Path);
        }
    }

    // Objects of a failed adoption were announced to nobody, so nothing can refer to them yet.
    private void TakeBack(List<Adoption> renamed)
    {
        foreach (var adoption in renamed)
        {
            try
            {
                _files.DeleteFile(adoption.Path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The disk fails already and the first failure is on its way to the caller; what stays is unreferenced garbage.
                continue;
            }
        }
    }

    private void Write(string path, ReadOnlyMemory<byte> content, bool replace)
    {
        using var staged = new LocalStagedFile(_files, _staging.NextPath(".put"));
        WriteSynced(staged.Path, content.Span);
        try
        {
            _files.Rename(staged.Path, path, replace);
        }
        catch (IOException error) when (FileErrors.IsOtherVolume(error))
        {
            PlaceBeside(path, replace, beside => WriteSynced(beside, content.Span));
        }
    }

    private void WriteSynced(string path, ReadOnlySpan<byte> content)
    {
        using var file = _files.CreateNew(path);
        file.Write(content, 0);
        file.Sync();
    }

    private string PrepareFolder(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        _folders.Ensure(folder);
        return folder;
    }

    private string TargetPath(string location)
    {
        var place = _resolver.Resolve(location);
        if (Path.EndsInDirectorySeparator(place.Path) || place.Path == place.BucketFolder)
            throw TarnException.Invalid($"Location '{location}' names a folder; an object needs a name that does not end with a slash.");
        if (MissingBucket(place) is { } bucket)
        {
            string wayOut = $"has no bucket '{bucket}'; use s3://{LakeBucket}/… or map the prefix.";
            throw new TarnException(ErrorKind.NotFound, $"Cannot store '{location}': the data folder '{_dataFolder}' {wayOut}") { ClientMessage = $"Cannot store '{location}': the data folder {wayOut}" };
        }

        return ResolvePath(location);
    }

    private ObjectStat StatStored(string location, string path) =>
        HeadFile(location, path) ?? throw new TarnException(ErrorKind.Unavailable, $"'{location}' was stored at '{path}' and is gone again: somebody else deletes files there.")
        {
            ClientMessage = $"'{location}' was stored and is gone again: somebody else deletes files there.",
        };

    private static TarnException Taken(string location, string path, bool isFolder = false) => isFolder
        ? new TarnException(ErrorKind.Unsupported, $"Cannot store '{location}': objects lie below '{path}', and on a local disk a name is either an object or a folder.")
        {
            ClientMessage = $"Cannot store '{location}': objects lie below it, and on a local disk a name is either an object or a folder.",
        }
        : new TarnException(ErrorKind.AlreadyExists, $"'{location}' exists already ('{path}'); objects are never overwritten in place.") { ClientMessage = $"'{location}' exists already; objects are never overwritten in place." };

    private static TarnException WriteError(Exception error, string location, string path) => error is IOException io && FileErrors.IsAlreadyThere(io)
        ? Taken(location, path)
        : FileErrors.Translate(error, $"Cannot store '{location}'", path);

    private sealed record Adoption(LocalStagedFile File, string Location, string Path)
    {
        public string Folder => System.IO.Path.GetDirectoryName(Path)!;
    }
}
