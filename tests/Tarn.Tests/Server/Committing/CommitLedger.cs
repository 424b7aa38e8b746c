using System.Collections.Concurrent;

namespace Tarn.Tests.Server.Committing;

/// <summary>What clients were told of their commits.</summary>
internal sealed class CommitLedger
{
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _acknowledged;

    /// <summary>Snapshots of appends that were acknowledged.</summary>
    public ConcurrentDictionary<long, bool> Appended { get; } = new();

    /// <summary>Snapshots of appends whose fate the client does not know: there once, or not at all.</summary>
    public ConcurrentDictionary<long, bool> Unknown { get; } = new();

    /// <summary>Properties of commits without a key that were acknowledged.</summary>
    public ConcurrentDictionary<string, bool> Set { get; } = new();

    /// <summary>The number that a client set last under a key, by the property of the client.</summary>
    public ConcurrentDictionary<string, int> Counted { get; } = new();

    /// <summary>Keys of requests that were acknowledged.</summary>
    public ConcurrentDictionary<Guid, bool> Keys { get; } = new();

    /// <summary>Commits that were acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Answers that were lost on the way.</summary>
    public int Lost;

    /// <summary>Counts an acknowledged commit.</summary>
    public void Acknowledge(Guid? key)
    {
        if (key is { } id)
            Keys[id] = true;
        int count = Interlocked.Increment(ref _acknowledged);
        lock (_waiting)
        {
            foreach (var waiting in _waiting.Where(w => w.Count <= count))
                waiting.Reached.TrySetResult();
        }
    }

    /// <summary>Completes when so many commits are acknowledged, or the load has ended.</summary>
    public Task ReachedAsync(int count, Task load)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            if (Acknowledged >= count)
                return Task.CompletedTask;
            _waiting.Add((count, reached));
        }

        return Task.WhenAny(reached.Task, load);
    }
}
