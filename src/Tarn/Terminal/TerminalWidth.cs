using System.Runtime.InteropServices;

namespace Tarn.Terminal;

/// <summary>
/// Cells in a row of the terminal. On Linux the kernel is asked: <see cref="Console.WindowWidth"/> puts the terminal into keypad mode first, which
/// nobody who prints a table has asked for, and leaves it so.
/// </summary>
internal static partial class TerminalWidth
{
    private const int Unknown = 80;

    // TIOCGWINSZ, Linux asm-generic/ioctls.h. Other systems pass the arguments of ioctl in ways of their own.
    private const nuint GetWindowSize = 0x5413;

    /// <summary>The width; 80 where there is no terminal.</summary>
    public static int Read()
    {
        try
        {
            int width = OperatingSystem.IsLinux() ? OfKernel() : Console.WindowWidth;
            return width > 0 ? width : Unknown;
        }
        catch (IOException)
        {
            return Unknown;
        }
    }

    // Standard output, error and input, in this order: one of them may be a file.
    private static unsafe int OfKernel()
    {
        foreach (int descriptor in (ReadOnlySpan<int>)[1, 2, 0])
        {
            WindowSize size;
            if (Control(descriptor, GetWindowSize, &size) == 0 && size.Columns > 0)
                return size.Columns;
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static unsafe partial int Control(int descriptor, nuint request, WindowSize* size);

    // struct winsize, ioctl_tty(2).
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct WindowSize
    {
        public readonly ushort Rows;
        public readonly ushort Columns;
        public readonly ushort WidthPixels;
        public readonly ushort HeightPixels;
    }
}
