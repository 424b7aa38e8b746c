using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tarn.Core.Files;

/// <summary>The calls of POSIX that .NET does not offer, or only with a meaning of its own.</summary>
internal static partial class UnixFiles
{
    private const int AtCurrentFolder = -100, NoReplace = 1; // Linux: AT_FDCWD, RENAME_NOREPLACE
    private const int Permission = 1, NoEntry = 2, Interrupted = 4, WrongArgument = 22, NoSuchCall = 38, NotSupported = 95; // errno(3)
    private const int NotAFolder = 20;
    private static readonly int TooManyLinks = OperatingSystem.IsLinux() ? 40 : 62; // ELOOP
    private const uint RangeWrite = 2; // SYNC_FILE_RANGE_WRITE
    private const int ReadOnly = 0, ReadWrite = 2; // O_RDONLY, O_RDWR
    private const int LockExclusive = 2, LockWithoutWaiting = 4; // flock(2)

    private static readonly int CloseOnExec = OperatingSystem.IsLinux() ? 0x80000 : 0x1000000; // O_CLOEXEC
    private static readonly int WouldBlock = OperatingSystem.IsLinux() ? 11 : 35;

    public static void Rename(string from, string to)
    {
        if (RenameCall(from, to) != 0)
            throw LastError(to);
    }

    public static void RenameNoReplace(string from, string to)
    {
        if (!OperatingSystem.IsLinux() || !TryRenameAt2(from, to))
            LinkThenUnlink(from, to);
    }

    public static void SyncData(SafeFileHandle handle, string path)
    {
        while (FDataSync(handle) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw LastError(path);
        }
    }

    /// <summary>The path without symbolic links (realpath(3)); null when nothing stands there.</summary>
    public static string? RealPath(string path)
    {
        nint found = RealPathCall(path, 0);
        if (found == 0)
        {
            // What leads nowhere, in a circle, or through a file is no path to anything.
            int code = Marshal.GetLastPInvokeError();
            return code is NoEntry or NotAFolder || code == TooManyLinks ? null : throw LastError(path);
        }

        string? real = Marshal.PtrToStringUTF8(found);
        Marshal.FreeHGlobal(found); // free(3)
        return real;
    }

    /// <summary>Starts to write a range to the disk (sync_file_range(2)); what came of it shows the sync that must follow.</summary>
    public static void BeginSync(SafeFileHandle handle, long offset, long length)
    {
        try
        {
            _ = SyncFileRange(handle, offset, length, RangeWrite);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without it; nothing depends on an early start.
            return;
        }
    }

    /// <summary>Takes room for a file from its present length to a greater one (fallocate(2)).</summary>
    /// <returns>False when this file system or C library cannot.</returns>
    public static bool TryAllocate(SafeFileHandle handle, long presentBytes, long lengthBytes, string path)
    {
        try
        {
            while (lengthBytes > presentBytes && FAllocate(handle, 0, presentBytes, lengthBytes - presentBytes) != 0)
            {
                int code = Marshal.GetLastPInvokeError();
                if (code is NotSupported or NoSuchCall)
                    return false;
                if (code != Interrupted)
                    throw LastError(path);
            }

            return true;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    public static void SyncFolder(string path)
    {
        using var folder = OpenDescriptor(path, ReadOnly);
        while (FSync(folder) != 0)
        {
            int code = Marshal.GetLastPInvokeError();
            // Some network and container file systems cannot sync folders; they keep names durable by themselves.
            if (code is WrongArgument or NotSupported)
                return;
            if (code != Interrupted)
                throw LastError(path);
        }
    }

    /// <summary>Copies bytes inside the kernel, or shares them on file systems that can (copy_file_range(2)).</summary>
    /// <returns>Bytes copied; -1 when this kernel or these file systems cannot.</returns>
    public static long CopyRange(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length)
    {
        if (!OperatingSystem.IsLinux())
            return -1;
        try
        {
            while (true)
            {
                long copied = CopyFileRange(from, ref fromOffset, to, ref toOffset, (nint)length, 0);
                if (copied >= 0 || Marshal.GetLastPInvokeError() != Interrupted)
                    return copied;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return -1;
        }
    }

    /// <summary>Opens without the advisory lock that .NET takes on every file it opens.</summary>
    public static SafeFileHandle OpenForLock(string path, bool write) => OpenDescriptor(path, write ? ReadWrite : ReadOnly);

    /// <summary>Whether the exclusive flock(2) was taken; false while another descriptor holds it.</summary>
    public static bool TryLock(SafeFileHandle handle, string path)
    {
        while (FLock(handle, LockExclusive | LockWithoutWaiting) != 0)
        {
            int code = Marshal.GetLastPInvokeError();
            if (code == WouldBlock)
                return false;
            if (code != Interrupted)
                throw LastError(path);
        }

        return true;
    }

    // False when the kernel, the file system or the C library does not know the call.
    private static bool TryRenameAt2(string from, string to)
    {
        try
        {
            if (RenameAt2(AtCurrentFolder, from, AtCurrentFolder, to, NoReplace) == 0)
                return true;
            return Marshal.GetLastPInvokeError() is WrongArgument or NoSuchCall ? false : throw LastError(to);
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    // For file systems without RENAME_NOREPLACE: link fails when the target exists, which makes the pair free of overwriting.
    private static void LinkThenUnlink(string from, string to)
    {
        if (Link(from, to) == 0)
        {
            _ = Unlink(from);
            return;
        }

        if (Marshal.GetLastPInvokeError() is not (Permission or NotSupported))
            throw LastError(to);
        // No hard links here (FAT, some FUSE): the check and the rename are two steps, the best this volume allows.
        if (File.Exists(to))
            throw FileErrors.Create(FileFailure.AlreadyThere, to);
        Rename(from, to);
    }

    private static SafeFileHandle OpenDescriptor(string path, int flags)
    {
        int descriptor = Open(path, flags | CloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LastError(path);
    }

    private static Exception LastError(string path)
    {
        int code = Marshal.GetLastPInvokeError();
        string message = $"{Marshal.GetPInvokeErrorMessage(code)}: '{path}'.";
        return code == NoEntry ? new FileNotFoundException(message, path) : new IOException(message, code);
    }

    // Two arguments only: the third of open(2) is variadic, which some ABIs pass differently, and is needed only to create.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPathCall(string path, nint resolved);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle handle, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int FAllocate(SafeFileHandle handle, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameCall(string from, string to);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    private static partial nint CopyFileRange(SafeFileHandle from, ref long fromOffset, SafeFileHandle to, ref long toOffset, nint length, uint flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);
}
