using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tarn.Core.Files;

namespace Tarn.Storage.Local;

/// <summary>
/// A folder for unfinished files, <c>.staging</c> in a data folder. Every user of it has a folder of its own there, named by a token, and holds the lock
/// <c>token.lock</c> beside it for as long as it lives; a folder whose lock can be taken belongs to nobody and is removed.
/// The lock is taken before the folder is created, so that a folder without a held lock is dead at every moment.
/// </summary>
internal sealed class StagingArea(IFileSystem files, string root) : IDisposable
{
    /// <summary>Name of the staging folder inside a data folder.</summary>
    public const string FolderName = ".staging";

    private const string LockExtension = ".lock", BesideExtension = ".beside";
    private readonly Lock _gate = new();
    private string? _folder;
    private IDisposable? _held;
    private long _next;

    /// <summary>A path that nobody else uses; the folder exists, the file does not.</summary>
    public string NextPath(string extension)
    {
        string folder = OwnFolder();
        return Path.Join(folder, Interlocked.Increment(ref _next).ToString("D6", CultureInfo.InvariantCulture) + extension);
    }

    /// <summary>
    /// A path beside a target on another volume, recorded in the staging area so that clean-up finds it when this process is killed.
    /// </summary>
    /// <returns>The path, and the record to delete once the file is gone from there.</returns>
    public (string Path, string Record) NextBeside(string targetFolder)
    {
        string record = NextPath(BesideExtension);
        string beside = BesideFile.NextPath(targetFolder);
        using var handle = files.CreateNew(record);
        handle.Write(Encoding.UTF8.GetBytes(beside), 0);
        return (beside, record);
    }

    /// <summary>
    /// Removes what dead processes left. Never waits, never touches what is in use, and leaves to a later start what cannot be removed now: on a full or
    /// read-only disk the tables can still be read.
    /// </summary>
    /// <returns>Number of staging folders removed.</returns>
    public int RemoveDead()
    {
        if (files.Stat(root) is null)
            return 0;
        int removed = 0;
        foreach (var entry in files.Enumerate(root).Where(e => e.IsFolder))
            removed += TryRemove(entry.Path) ? 1 : 0;
        return removed;
    }

    /// <summary>Removes the own folder and gives the lock back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_folder is null)
                return;
            RemoveOwn(_folder);
            _held?.Dispose();
            _folder = null;
        }
    }

    private void RemoveOwn(string folder)
    {
        try
        {
            RemoveTree(folder);
            files.DeleteFile(folder + LockExtension);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The lock is about to go, so whoever starts next finds the folder dead and removes it.
            return;
        }
    }

    private string OwnFolder()
    {
        lock (_gate)
        {
            if (_folder is not null)
                return _folder;
            files.CreateFolder(root);
            // Unique, not secret: a generator of secrets loads OpenSSL, for which every query would wait.
            string token = $"{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..12]}";
            string folder = Path.Join(root, token);
            try
            {
                _held = files.TryLock(folder + LockExtension, ProcessText.Current)
                    ?? throw new UnreachableException($"The new staging lock '{folder}{LockExtension}' is held by somebody else.");
                files.CreateFolder(folder);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                ForgetLock(folder);
                throw;
            }

            return _folder = folder;
        }
    }

    // Without a folder beside it nobody would ever look at the lock again.
    private void ForgetLock(string folder)
    {
        try
        {
            if (files.Stat(folder + LockExtension) is not null)
                files.DeleteFile(folder + LockExtension);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // An empty file stays; the failure that led here is what the caller must see.
            return;
        }
        finally
        {
            _held?.Dispose();
            _held = null;
        }
    }

    private bool TryRemove(string token)
    {
        try
        {
            return RemoveUnlessHeld(token);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool RemoveUnlessHeld(string token)
    {
        string folder = Path.Join(root, token);
        using var taken = files.TryLock(folder + LockExtension, ProcessText.Current);
        if (taken is null)
            return false;
        RemoveBeside(folder);
        RemoveTree(folder);
        files.DeleteFile(folder + LockExtension);
        return true;
    }

    private void RemoveBeside(string folder)
    {
        if (files.Stat(folder) is null)
            return;
        foreach (var record in files.Enumerate(folder).Where(e => e.Path.EndsWith(BesideExtension, StringComparison.Ordinal)))
        {
            using var handle = files.OpenRead(Path.Join(folder, record.Path));
            var buffer = new byte[checked((int)handle.LengthBytes)];
            string beside = Encoding.UTF8.GetString(buffer, 0, handle.Read(buffer, 0));
            // A record may be torn; only a name of our own making is ever deleted.
            if (BesideFile.IsName(Path.GetFileName(beside)) && Path.IsPathFullyQualified(beside))
                files.DeleteFile(beside);
        }
    }

    private void RemoveTree(string folder)
    {
        if (files.Stat(folder) is null)
            return;
        foreach (var entry in files.Enumerate(folder))
        {
            string path = Path.Join(folder, entry.Path);
            if (entry.IsFolder)
                RemoveTree(path);
            else
                files.DeleteFile(path);
        }

        files.DeleteFolder(folder);
    }
}
