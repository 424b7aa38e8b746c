using System.Buffers;
using System.Globalization;
using System.Threading.Channels;

namespace Tarn.Access.Trails;

/// <summary>
/// Events as lines of files. They wait in a bounded queue; one writer puts all that wait into one write. What does not fit or cannot be
/// written is counted, and a line of the trail says how much is missing as soon as there is room for it. A process that is killed loses the
/// events of its last moments; what was written survives a power cut from the next <see cref="SyncEvery"/> on.
/// </summary>
/// <typeparam name="T">An event.</typeparam>
public sealed class TrailWriter<T> : IAsyncDisposable
{
    /// <summary>How often what was written is made to survive a power cut.</summary>
    public static readonly TimeSpan SyncEvery = TimeSpan.FromSeconds(1);

    private const int MaxBatch = 4_096;

    private readonly Channel<T> _queue;
    private readonly TrailFormat<T> _format;
    private readonly TrailSegments _segments;
    private readonly TimeProvider _time;
    private readonly Task _writing;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private Task? _alarm;
    private long _lost, _reported;
    private int _removed;
    private long _synced;
    private bool _isUnsynced;

    /// <summary>Begins a trail; no file is created before the first event.</summary>
    /// <param name="folder">Folder of the trail, absolute; created when missing.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="time">The clock.</param>
    public TrailWriter(string folder, TrailFormat<T> format, TrailOptions options, TimeProvider time)
    {
        _queue = Channel.CreateBounded<T>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _segments = new TrailSegments(folder, format.Name, options, time);
        _format = format;
        _time = time;
        _synced = time.GetTimestamp();
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Events that could not be kept, since the start.</summary>
    public long LostCount => Interlocked.Read(ref _lost);

    /// <summary>Hands an event over; never waits and never throws.</summary>
    public void Record(T trailEvent)
    {
        if (!_queue.Writer.TryWrite(trailEvent))
            Interlocked.Increment(ref _lost);
    }

    /// <summary>Writes what still waits and makes it durable. Events recorded later are counted as lost.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        using (_segments)
        {
            while (await WaitAsync().ConfigureAwait(false))
                WriteBatch();
            if (LostCount > _reported || _removed > 0)
                WriteBatch();
        }
    }

    /// <summary>Waits for events; what was written last is made durable when none come for a while.</summary>
    /// <returns>False when no more will come.</returns>
    private async Task<bool> WaitAsync()
    {
        var waiting = _queue.Reader.WaitToReadAsync();
        if (waiting.IsCompleted || !_isUnsynced)
            return await waiting.ConfigureAwait(false);
        var next = waiting.AsTask();
        // One alarm for all waits until it rings: making one for each event would cost more than writing it.
        _alarm ??= Task.Delay(SyncEvery, _time);
        if (await Task.WhenAny(next, _alarm).ConfigureAwait(false) != next)
        {
            _alarm = null;
            TrySync();
        }

        return await next.ConfigureAwait(false);
    }

    private void TrySync()
    {
        try
        {
            _segments.Sync();
            _isUnsynced = false;
        }
        catch (IOException)
        {
            // Written and not yet durable, as before: the next batch tries again.
            _isUnsynced = true;
        }
    }

    private void WriteBatch()
    {
        _buffer.ResetWrittenCount();
        long lost = LostCount;
        if (lost > _reported)
            _format.Write(_buffer, _format.Notice(_time.GetUtcNow(), $"{lost - _reported} events before this one could not be kept", true));
        if (_removed > 0)
            _format.Write(_buffer, _format.Notice(_time.GetUtcNow(), string.Create(CultureInfo.InvariantCulture, $"{_removed} oldest files were removed to stay within the limit"), false));
        int count = 0;
        while (count < MaxBatch && _queue.Reader.TryRead(out var trailEvent))
        {
            _format.Write(_buffer, trailEvent);
            count++;
        }

        try
        {
            _removed = _segments.Append(_buffer.WrittenSpan);
            _reported = lost;
            SyncWhenDue();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Tarn.Core.Errors.TarnException)
        {
            // The disk is full or gone; requests go on, and the count, which metrics show, says what the trail lacks.
            Interlocked.Add(ref _lost, count);
        }
    }

    private void SyncWhenDue()
    {
        _isUnsynced = true;
        if (_time.GetElapsedTime(_synced) < SyncEvery)
            return;
        TrySync();
        _synced = _time.GetTimestamp();
    }
}
