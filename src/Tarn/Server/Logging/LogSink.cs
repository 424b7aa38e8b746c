using System.Globalization;
using System.Threading.Channels;

namespace Tarn.Server.Logging;

/// <summary>
/// Writes log lines from a queue, so that a reader of stderr who stands still does not hold up the server. When the queue is full, lines are
/// dropped and their number is logged.
/// </summary>
internal sealed class LogSink : IAsyncDisposable
{
    /// <summary>Lines that wait at most.</summary>
    public const int QueueLimit = 8192;

    // How long an ending server waits for a reader of its last lines.
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(5);

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(QueueLimit) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Func<long, string> _droppedLine;
    private readonly TextWriter _target;
    private readonly TimeProvider _time;
    private readonly Task _writing;
    private long _dropped;

    /// <summary>Starts writing.</summary>
    /// <param name="target">Where lines go.</param>
    /// <param name="droppedLine">The line that tells how many were dropped.</param>
    /// <param name="time">The clock of the wait for a reader at the end.</param>
    public LogSink(TextWriter target, Func<long, string> droppedLine, TimeProvider time)
    {
        _target = target;
        _time = time;
        _droppedLine = droppedLine;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Takes a line without waiting.</summary>
    public void Add(string line)
    {
        if (!_lines.Writer.TryWrite(line))
            Interlocked.Increment(ref _dropped);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(s_flushLimit, _time));
    }

    private async Task WriteAsync()
    {
        await foreach (string line in _lines.Reader.ReadAllAsync())
        {
            try
            {
                await _target.WriteLineAsync(line);
                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                    await _target.WriteLineAsync(_droppedLine(dropped));
            }
            catch (IOException)
            {
                // Nobody reads stderr any more; there is no other place to say so. Counting keeps the queue moving.
                Interlocked.Increment(ref _dropped);
            }
        }
    }
}
