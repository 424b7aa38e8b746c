using System.Runtime.InteropServices;
using Tarn.Core.Errors;

namespace Tarn.Terminal.Keys;

/// <summary>Keys from a Unix terminal in raw mode, which is left again on dispose, so that a running statement gets Ctrl-C as a signal.</summary>
internal sealed unsafe partial class UnixKeys : IKeySource
{
    // Larger than struct termios of any system (60 bytes on Linux, 72 on macOS); its fields are left to cfmakeraw.
    private const int TermiosBytes = 256;
    private const int ApplyAfterOutput = 1;
    private const int EscapeWaitMs = 50;
    private const int SignalCheckMs = 250;

    private readonly byte[] _before = new byte[TermiosBytes];
    private readonly byte[] _buffer = new byte[4096];
    private readonly KeyDecoder _decoder;
    private CancellationToken _cancellation;
    private int _start;
    private int _end;

    /// <summary>Enters raw mode.</summary>
    public UnixKeys()
    {
        _decoder = new KeyDecoder(NextByte, () => HasByte(EscapeWaitMs));
        Span<byte> raw = stackalloc byte[TermiosBytes];
        fixed (byte* before = _before, now = raw)
        {
            if (GetAttributes(0, before) != 0)
                throw new TarnException(ErrorKind.Unavailable, "Standard input is not a terminal that can be read key by key. Pipe a script into 'tarn sql', or use -c or -f.");
            _before.CopyTo(raw);
            MakeRaw(now);
            _ = SetAttributes(0, ApplyAfterOutput, now);
        }
    }

    /// <inheritdoc/>
    public bool IsPending => HasByte(0);

    /// <inheritdoc/>
    public Key Read(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken;
        return _decoder.Read();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        fixed (byte* before = _before)
            _ = SetAttributes(0, ApplyAfterOutput, before);
    }

    private int NextByte()
    {
        while (_start == _end)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (!HasByte(SignalCheckMs))
                continue;
            nint count;
            fixed (byte* buffer = _buffer)
                count = ReadNative(0, buffer, (nuint)_buffer.Length);
            if (count == 0)
                return -1;
            (_start, _end) = (0, (int)Math.Max(0, count));
        }

        return _buffer[_start++];
    }

    private bool HasByte(int timeoutMs)
    {
        if (_start < _end)
            return true;
        var entry = new PollEntry { Descriptor = 0, Events = 1 };
        return Poll(&entry, 1, timeoutMs) > 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadNative(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetAttributes(int descriptor, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetAttributes(int descriptor, int when, byte* termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* termios);
}
