using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Files;

/// <summary>
/// Lets nobody wait until the disk has taken the blocks and the cache the pages of a large file back that another one replaces: the old file is held open
/// over the rename, and what frees it is closing it, on a thread of the pool.
/// </summary>
internal sealed class ReplacedFiles(IFileSystem files)
{
    // Freeing takes about a third of a millisecond for each of these.
    private const long LargeBytes = 1 << 20;

    // Files whose room is not given back yet; beyond that, whoever replaces one waits for it.
    public const int MostHeld = 16;

    private int _held;

    /// <summary>Holds what stands at a path if that is a large file, until the result is disposed after it was replaced; null for nothing to hold.</summary>
    public IDisposable? Hold(string path)
    {
        // Windows replaces no file that is open.
        if (OperatingSystem.IsWindows() || files.Stat(path) is not { IsFolder: false, SizeBytes: >= LargeBytes })
            return null;
        if (Interlocked.Increment(ref _held) <= MostHeld && TryOpen(path) is { } file)
            return new Held(this, file);
        Interlocked.Decrement(ref _held);
        return null;
    }

    private IFileHandle? TryOpen(string path)
    {
        try
        {
            return files.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Whoever may not read it, or comes after it is gone, replaces it all the same.
            return null;
        }
    }

    private sealed class Held(ReplacedFiles owner, IFileHandle file) : IDisposable
    {
        public void Dispose() => ThreadPool.UnsafeQueueUserWorkItem(Release, (owner, file), preferLocal: false);

        private static void Release((ReplacedFiles Owner, IFileHandle File) held)
        {
            held.File.Dispose();
            Interlocked.Decrement(ref held.Owner._held);
        }
    }
}
