using System.ComponentModel;
using System.Runtime.InteropServices;
using Tarn.Core.Streams;

namespace Tarn.Terminal;

/// <summary>
/// The file descriptor of standard output or standard error. Unlike the stream of <see cref="Console"/> it reports a closed pipe,
/// so that a long result ends as soon as nobody reads it; unlike a <see cref="FileStream"/> it keeps the position that it shares
/// with other programs of the same shell line.
/// </summary>
internal sealed partial class StandardOutput(int descriptor) : ForwardStream
{
    private const int Interrupted = 4, TryAgain = 11, TryAgainOnMac = 35, BrokenPipe = 32;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Standard output, unbuffered.</summary>
    public static Stream Open() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutput(1);

    /// <inheritdoc/>
    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written;
            fixed (byte* start = buffer)
                written = WriteNative(descriptor, start, (nuint)buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else
                Recover(Marshal.GetLastPInvokeError());
        }
    }

    private unsafe void Recover(int error)
    {
        switch (error)
        {
            case Interrupted:
                return;
            case TryAgain or TryAgainOnMac:
                // Another program made the shared pipe non-blocking: wait until it takes bytes again.
                var poll = new PollEntry(descriptor, PollEntry.Writable);
                _ = Poll(&poll, 1, -1);
                return;
            case BrokenPipe:
                throw new BrokenPipeException();
            default:
                throw new IOException($"Cannot write to {(descriptor == 1 ? "standard output" : "standard error")}: {new Win32Exception(error).Message}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint WriteNative(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int Poll(PollEntry* entries, nuint count, int timeoutMs);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct PollEntry(int descriptor, short events)
    {
        public const short Writable = 4;
        public readonly int Descriptor = descriptor;
        public readonly short Events = events;
        public readonly short Returned = 0;
    }
}
