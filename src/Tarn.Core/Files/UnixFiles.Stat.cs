using System.Runtime.InteropServices;

namespace Tarn.Core.Files;

internal static partial class UnixFiles
{
    // Linux: AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_MTIME | STATX_SIZE, and where struct statx has them, alike on every processor (statx(2)).
    private const int NoFollow = 0x100, StatBytes = 256, ModeAt = 28, SizeAt = 40, SecondsAt = 112, NanosecondsAt = 120;
    private const uint Wanted = 0x1 | 0x40 | 0x200;
    private const int TypeMask = 0xF000, FolderType = 0x4000, LinkType = 0xA000; // S_IFMT, S_IFDIR, S_IFLNK
    private const int NanosecondsPerTick = 100;

    /// <summary>What stands at a path, with one call to the kernel where .NET makes several.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="stat">The result: null when nothing stands there.</param>
    /// <returns>False when .NET has to look itself: at links, at what this user may not see, and where the kernel lacks the call.</returns>
    public static bool TryStat(string path, out FileStat? stat)
    {
        stat = null;
        Span<byte> found = stackalloc byte[StatBytes];
        try
        {
            if (StatX(AtCurrentFolder, path, NoFollow, Wanted, ref MemoryMarshal.GetReference(found)) != 0)
                return Marshal.GetLastPInvokeError() is NoEntry or NotAFolder;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }

        int type = MemoryMarshal.Read<ushort>(found[ModeAt..]) & TypeMask;
        if (type == LinkType)
            return false;
        var modified = DateTimeOffset.FromUnixTimeSeconds(MemoryMarshal.Read<long>(found[SecondsAt..])).AddTicks(MemoryMarshal.Read<uint>(found[NanosecondsAt..]) / NanosecondsPerTick);
        stat = type == FolderType ? new FileStat(path, true, 0, modified) : new FileStat(path, false, MemoryMarshal.Read<long>(found[SizeAt..]), modified);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte result);
}
