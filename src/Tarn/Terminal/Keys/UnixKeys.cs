using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tarn.Core.Errors;

namespace Tarn.Terminal.Keys;

/// <summary>
/// Keys from a Unix terminal: in raw mode while somebody types, else with Ctrl-C as a signal and what is typed left for later. Its modes are put back on
/// dispose and when the process ends.
/// </summary>
internal sealed unsafe partial class UnixKeys : IKeySource
{
    // Larger than struct termios of any system (60 bytes on Linux, 72 on macOS).
    private const int TermiosBytes = 256;
    private const int ApplyAfterOutput = 1;
    private const int EscapeWaitMs = 50;
    private const int SignalCheckMs = 250;
    private const byte CtrlC = 0x03;
    private const int InterruptedCall = 4; // EINTR, errno(3)

    private readonly byte[] _before = new byte[TermiosBytes];
    private readonly byte[] _typing = new byte[TermiosBytes];
    private readonly byte[] _running = new byte[TermiosBytes];
    private readonly byte[] _buffer = new byte[4096];
    private readonly KeyDecoder _decoder;
    private CancellationToken _cancellation;
    private int _start;
    private int _end;

    /// <summary>Reads the modes of the terminal and leaves them as they are.</summary>
    /// <exception cref="TarnException">Standard input is no terminal.</exception>
    public UnixKeys()
    {
        _decoder = new KeyDecoder(NextByte, () => HasByte(EscapeWaitMs));
        fixed (byte* before = _before, typing = _typing)
        {
            if (GetAttributes(0, before) != 0)
                throw new TarnException(ErrorKind.Unavailable, "Standard input is not a terminal that can be read key by key. Pipe a script into 'tarn sql', or use -c or -f.");
            _before.CopyTo(_typing, 0);
            MakeRaw(typing);
        }

        _before.CopyTo(_running, 0);
        LeaveKeysAlone(_running);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <inheritdoc/>
    public bool IsPending => HasByte(0);

    /// <inheritdoc/>
    public void StartTyping() => Apply(_typing);

    /// <inheritdoc/>
    public void StopTyping() => Apply(_running);

    /// <inheritdoc/>
    public Key Read(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken;
        return _decoder.Read();
    }

    /// <inheritdoc/>
    public bool TakeInterrupt()
    {
        int at = _buffer.AsSpan(_start, _end - _start).LastIndexOf(CtrlC);
        _start += at + 1;
        return at >= 0;
    }

    /// <inheritdoc/>
    public void Discard() => _start = _end;

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Apply(_before);
    }

    // Off: assembling lines, which would eat Ctrl-D, Backspace and the end of long lines, and echo, which would stand between the results.
    // c_lflag is the fourth word of struct termios (termios(3)); on macOS words have eight bytes. Systems with other layouts keep their modes.
    private static void LeaveKeysAlone(Span<byte> modes)
    {
        const uint echo = 0x8;
        if (OperatingSystem.IsLinux())
            Clear(modes[12..], echo | 0x2);
        else if (OperatingSystem.IsMacOS())
            Clear(modes[24..], echo | 0x100);
    }

    private static void Clear(Span<byte> word, uint flags) =>
        BinaryPrimitives.WriteUInt32LittleEndian(word, BinaryPrimitives.ReadUInt32LittleEndian(word) & ~flags);

    private static void Apply(byte[] modes)
    {
        fixed (byte* now = modes)
            _ = SetAttributes(0, ApplyAfterOutput, now);
    }

    private void OnExit(object? sender, EventArgs e) => Apply(_before);

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
            if (count == 0 || (count < 0 && Marshal.GetLastPInvokeError() != InterruptedCall))
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
