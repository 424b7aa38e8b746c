using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tarn.Core.Files;

/// <summary>An exclusive lock on a file: flock(2) on Unix, a sharing mode on Windows. Both end with their process.</summary>
internal sealed class LockFile : IDisposable
{
    private const int HolderLimitBytes = 4096;
    private readonly SafeFileHandle _handle;

    private LockFile(SafeFileHandle handle) => _handle = handle;

    public static IDisposable? TryTake(string path, string holder)
    {
        var handle = OperatingSystem.IsWindows() ? TryOpenAlone(path) : TryFlock(path);
        if (handle is null)
            return null;
        try
        {
            WriteHolder(handle, Encoding.UTF8.GetBytes(holder));
            return new LockFile(handle);
        }
        catch
        {
            // On a full disk: whoever got no lock must not go on holding it.
            handle.Dispose();
            throw;
        }
    }

    public static string ReadHolder(string path)
    {
        try
        {
            using var handle = OperatingSystem.IsWindows()
                ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
                : UnixFiles.OpenForLock(path, write: false);
            var buffer = new byte[HolderLimitBytes];
            return Encoding.UTF8.GetString(buffer, 0, RandomAccess.Read(handle, buffer, 0));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The text only decorates a message about waiting: without it the message still stands.
            return "";
        }
    }

    // Closing releases the lock; the file stays, because deleting it would let two processes lock two files of one name.
    public void Dispose() => _handle.Dispose();

    private static void WriteHolder(SafeFileHandle handle, byte[] holder)
    {
        var text = holder.AsSpan(0, Math.Min(holder.Length, HolderLimitBytes));
        // A lock taken again and again by one process would otherwise dirty the file each time, which every sync then has to write.
        var present = new byte[HolderLimitBytes];
        if (text.SequenceEqual(present.AsSpan(0, RandomAccess.Read(handle, present, 0))))
            return;
        RandomAccess.SetLength(handle, 0);
        RandomAccess.Write(handle, text, 0);
    }

    private static SafeFileHandle? TryFlock(string path)
    {
        CreateIfMissing(path);
        var handle = UnixFiles.OpenForLock(path, write: true);
        bool taken = false;
        try
        {
            taken = UnixFiles.TryLock(handle, path);
            return taken ? handle : null;
        }
        finally
        {
            if (!taken)
                handle.Dispose();
        }
    }

    private static void CreateIfMissing(string path)
    {
        if (File.Exists(path))
            return;
        try
        {
            File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (IOException error) when (FileErrors.IsAlreadyThere(error) || FileErrors.IsLocked(error))
        {
            // Somebody was faster: the file is there, which is all that is needed.
            return;
        }
    }

    private static SafeFileHandle? TryOpenAlone(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        }
        catch (IOException error) when (FileErrors.IsLocked(error))
        {
            return null;
        }
    }
}
