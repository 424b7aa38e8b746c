using Tarn.Server.Parts;

namespace Tarn.Tests.Server.Parts;

/// <summary>A part that fails when a test says so.</summary>
internal sealed class FakePart : IServerPart
{
    private TaskCompletionSource _running = new();

    public string Name => "fake";

    public Queue<Exception?> StartOutcomes { get; } = new();

    public int Starts { get; private set; }

    public int Stops { get; private set; }

    public string? Fault { get; set; }

    public void Fail(Exception error) => _running.TrySetException(error);

    public void End() => _running.TrySetResult();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Starts++;
        _running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return StartOutcomes.TryDequeue(out var error) && error is not null ? Task.FromException(error) : Task.CompletedTask;
    }

    public Task RunAsync(CancellationToken stopping) => _running.Task.WaitAsync(stopping);

    public Task StopAsync(CancellationToken drained)
    {
        Stops++;
        return Task.CompletedTask;
    }

    public string? FindFault() => Fault;
}
