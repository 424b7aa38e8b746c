using System.Threading.Channels;

namespace Tarn.Storage.Buckets.Events;

/// <summary>Events for one listener.</summary>
public sealed class ObjectEventQueue : IDisposable
{
    private readonly ObjectEvents _owner;
    private readonly Channel<ObjectEvent> _channel;
    private long _droppedCount;

    internal ObjectEventQueue(ObjectEvents owner, int capacity)
    {
        _owner = owner;
        _channel = Channel.CreateBounded<ObjectEvent>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest }, _ => Interlocked.Increment(ref _droppedCount));
    }

    /// <summary>Events that were dropped because the listener was too slow: whoever must miss none compares the bucket's listing then.</summary>
    public long DroppedCount => Interlocked.Read(ref _droppedCount);

    /// <summary>The events as they happen; ends when the queue is disposed.</summary>
    public IAsyncEnumerable<ObjectEvent> ReadAsync(CancellationToken cancellationToken = default) => _channel.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        _owner.Remove(this);
        _channel.Writer.TryComplete();
    }

    internal void Add(ObjectEvent happened) => _channel.Writer.TryWrite(happened);
}
