using System.Collections.Immutable;

namespace Tarn.Storage.Buckets.Events;

/// <summary>Hands events of a store to whoever listens. Nobody who stores objects ever waits for a listener.</summary>
public sealed class ObjectEvents
{
    private ImmutableArray<ObjectEventQueue> _queues = [];

    /// <summary>Listens from now on, until the queue is disposed.</summary>
    /// <param name="capacity">Events that may wait; when more do, the oldest are dropped and counted.</param>
    public ObjectEventQueue Listen(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        var queue = new ObjectEventQueue(this, capacity);
        ImmutableInterlocked.Update(ref _queues, (queues, added) => queues.Add(added), queue);
        return queue;
    }

    internal void Publish(ObjectEvent happened)
    {
        foreach (var queue in _queues)
            queue.Add(happened);
    }

    internal void Remove(ObjectEventQueue queue) => ImmutableInterlocked.Update(ref _queues, (queues, removed) => queues.Remove(removed), queue);
}
