namespace Tarn.Benchmarks.S3;

/// <summary>Threads that begin their work together, each with its own preparations done.</summary>
internal static class LoadThreads
{
    /// <summary>Runs them and waits for all.</summary>
    /// <param name="count">Number of threads.</param>
    /// <param name="begins">Called when all are ready, before the first works.</param>
    /// <param name="prepare">Prepares one thread, on it, and says what it works.</param>
    /// <exception cref="InvalidOperationException">A thread failed.</exception>
    public static void Run(int count, Action begins, Func<int, Action> prepare)
    {
        var failures = new Exception?[count];
        using var ready = new Barrier(count, _ => begins());
        var threads = Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            try
            {
                var work = Prepared(prepare, number, ready);
                work();
            }
            catch (Exception error)
            {
                // A thread has no caller; whoever waits for it throws.
                failures[number] = error;
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        if (failures.FirstOrDefault(f => f is not null) is { } failure)
            throw new InvalidOperationException("A thread of the load failed.", failure);
    }

    // One that cannot even be prepared must not let the others wait for it.
    private static Action Prepared(Func<int, Action> prepare, int number, Barrier ready)
    {
        try
        {
            var work = prepare(number);
            ready.SignalAndWait();
            return work;
        }
        catch
        {
            ready.RemoveParticipant();
            throw;
        }
    }
}
