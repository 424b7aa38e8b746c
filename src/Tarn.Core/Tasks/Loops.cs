namespace Tarn.Core.Tasks;

/// <summary>Work that goes on until it is cancelled.</summary>
public static class Loops
{
    /// <summary>
    /// Runs loops side by side until the first of them ends, and then stops the others: who started them learns of a failure at once, where waiting for all would
    /// wait for those that never end.
    /// </summary>
    /// <param name="loops">The loops, one at least. Each ends soon after its token is cancelled.</param>
    /// <param name="stopping">Ends all of them.</param>
    /// <returns>Completes when all have ended, as the first one did: cancelled, or with its exception.</returns>
    public static async Task RunTogetherAsync(IEnumerable<Func<CancellationToken, Task>> loops, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] running = [.. loops.Select(loop => loop(ended.Token))];
        var first = await Task.WhenAny(running).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }
}
