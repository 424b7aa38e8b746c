using Tarn.Core.Errors;
using Tarn.Core.Tasks;
using Tarn.Testing.Time;

namespace Tarn.Core.Tests.Tasks;

public sealed class ContendedChangesTests
{
    private readonly ContendedChanges _changes = new(TimeProvider.System, Random.Shared);

    [Fact]
    public async Task RunAsync_OfOneThingByMany_LetsThemTakeTurnsInTheirOrder()
    {
        var begun = new TaskCompletionSource();
        var order = new List<int>();
        Task[] all = [.. Enumerable.Range(0, 100).Select(n => RunAsync("view 'v'", () => ThenAsync(begun.Task, order, n)))];

        Assert.Empty(order);
        begun.SetResult();
        await Task.WhenAll(all);

        Assert.Equal(Enumerable.Range(0, 100), order);
    }

    [Fact]
    public async Task RunAsync_WhoseTurnDoesNotCome_SaysSoAndLeavesTheOthersTheirs()
    {
        var time = new ManualTimeProvider();
        var changes = new ContendedChanges(time, new Random(1));
        var begun = new TaskCompletionSource();
        var held = changes.RunAsync("view 'v'", () => ValueTask.FromResult(0), _ => ThenAsync(begun.Task, [], 0), default).AsTask();
        var late = changes.RunAsync("view 'v'", () => ValueTask.FromResult(0), _ => ValueTask.FromResult(1), default).AsTask();

        time.Advance(CommitBackoff.Limit + TimeSpan.FromSeconds(1));

        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<TarnException>(() => late)).Kind);
        begun.SetResult();
        await held;
        Assert.Equal(2, await changes.RunAsync("view 'v'", () => ValueTask.FromResult(0), _ => ValueTask.FromResult(2), default));
    }

    [Fact]
    public async Task RunAsync_OfAnotherThing_DoesNotWait()
    {
        var begun = new TaskCompletionSource();
        var held = RunAsync("view 'v'", () => ThenAsync(begun.Task, [], 0));

        Assert.Equal(1, await RunAsync("view 'w'", () => ValueTask.FromResult(1)));

        begun.SetResult();
        await held;
    }

    [Fact]
    public async Task RunAsync_AfterALostRace_TriesAgain()
    {
        int state = 0;
        int made = await _changes.RunAsync(
            "view 'v'", () => ValueTask.FromResult(++state), read => read < 5 ? throw new CommitConflictException("moved") : ValueTask.FromResult(read), default);
        Assert.Equal(5, made);
    }

    [Fact]
    public async Task RunAsync_WhenTheStateItselfForbids_IsRefusedAtOnce()
    {
        int reads = 0;
        await Assert.ThrowsAsync<CommitConflictException>(() => _changes.RunAsync<int, int>(
            "view 'v'", () => ++reads > 0 ? throw new CommitConflictException("another uuid") : ValueTask.FromResult(reads), ValueTask.FromResult, default).AsTask());
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task RunAsync_WhenOthersAreFasterForTooLong_SaysSoAndGivesTheTurnBack()
    {
        var time = new ManualTimeProvider();
        var changes = new ContendedChanges(time, new Random(1));
        await Assert.ThrowsAsync<CommitConflictException>(() => changes.RunAsync<int, int>("view 'v'", () => ValueTask.FromResult(0), _ =>
        {
            time.Advance(CommitBackoff.Limit);
            throw new CommitConflictException("moved");
        }, default).AsTask());

        Assert.Equal(1, await changes.RunAsync("view 'v'", () => ValueTask.FromResult(1), ValueTask.FromResult, default));
    }

    [Fact]
    public async Task RunAsync_CancelledWhileItWaits_LeavesTheQueue()
    {
        var begun = new TaskCompletionSource();
        using var cancelled = new CancellationTokenSource();
        var held = RunAsync("view 'v'", () => ThenAsync(begun.Task, [], 0));
        var waiting = RunAsync("view 'v'", () => ValueTask.FromResult(1), cancelled.Token);
        var last = RunAsync("view 'v'", () => ValueTask.FromResult(2));

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        begun.SetResult();

        await held;
        Assert.Equal(2, await last);
    }

    [Fact]
    public async Task RunAsync_BeyondTheLimitOfThoseThatWait_IsRefusedWithTheLimit()
    {
        var begun = new TaskCompletionSource();
        Task[] all = [.. Enumerable.Range(0, ContendedChanges.MaxWaiting).Select(n => RunAsync("view 'v'", () => ThenAsync(begun.Task, [], n)))];

        var error = await Assert.ThrowsAsync<TarnException>(() => RunAsync("view 'v'", () => ValueTask.FromResult(1)));

        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains($"{ContendedChanges.MaxWaiting}", error.Message, StringComparison.Ordinal);
        begun.SetResult();
        await Task.WhenAll(all);
    }

    private Task<int> RunAsync(string thing, Func<ValueTask<int>> write, CancellationToken cancellationToken = default) =>
        _changes.RunAsync(thing, () => ValueTask.FromResult(0), _ => write(), cancellationToken).AsTask();

    private static async ValueTask<int> ThenAsync(Task before, List<int> order, int number)
    {
        await before;
        order.Add(number);
        return number;
    }
}
