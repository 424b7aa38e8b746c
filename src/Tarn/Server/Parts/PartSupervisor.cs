using Microsoft.Extensions.Logging;
using Tarn.Core.Errors;

namespace Tarn.Server.Parts;

/// <summary>Keeps one part at work: starts it again after a failure, with growing waits.</summary>
/// <param name="part">The part.</param>
/// <param name="backOff">The waits.</param>
/// <param name="time">The clock of the waits.</param>
/// <param name="logger">Told of failures and restarts.</param>
internal sealed partial class PartSupervisor(IServerPart part, BackOff backOff, TimeProvider time, ILogger logger)
{
    // A part that has to be stopped because it failed has no requests worth waiting for long.
    private static readonly TimeSpan s_failedDrain = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile PartState _state = new(PartPhase.Starting, "is starting", 0);

    /// <summary>Name of the part.</summary>
    public string Name => part.Name;

    /// <summary>Completes when the part works for the first time.</summary>
    public Task Started => _started.Task;

    /// <summary>How the part is doing now.</summary>
    public PartState State => _state is { Phase: PartPhase.Running } running && part.FindFault() is { } fault ? running with { Reason = fault } : _state;

    /// <summary>Starts the part for the first time. One that is only unavailable now is started again by <see cref="RunAsync"/>.</summary>
    /// <exception cref="TarnException">It cannot start, and trying again would not help.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await part.StartAsync(cancellationToken);
            _state = new PartState(PartPhase.Running, null, 0);
            _started.TrySetResult();
        }
        catch (TarnException error) when (error.Kind == ErrorKind.Unavailable)
        {
            await FailAsync(error);
        }
    }

    /// <summary>Keeps the part at work until cancelled; does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            long began = time.GetTimestamp();
            try
            {
                if (_state.Phase == PartPhase.Failed)
                    began = await RestartAsync(stopping);
                await part.RunAsync(stopping);
                if (!stopping.IsCancellationRequested)
                    throw new TarnException(ErrorKind.Internal, $"The part '{part.Name}' ended by itself.");
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                if (_state.Phase == PartPhase.Running && time.GetElapsedTime(began) >= backOff.Most)
                    backOff.Reset();
                await FailAsync(error);
            }
        }
    }

    /// <summary>Stops the part.</summary>
    /// <param name="drained">Cancelled when running requests have had their time.</param>
    public async Task StopAsync(CancellationToken drained)
    {
        _state = _state with { Phase = PartPhase.Stopped, Reason = "is stopping" };
        await StopQuietlyAsync(drained);
    }

    // Answers since when the part works. Taken before the state says so: whoever saw it at work counts from there.
    private async Task<long> RestartAsync(CancellationToken stopping)
    {
        var wait = backOff.Next();
        LogRestart(part.Name, wait.TotalSeconds);
        await Task.Delay(wait, time, stopping);
        await part.StartAsync(stopping);
        long began = time.GetTimestamp();
        _state = new PartState(PartPhase.Running, null, _state.Restarts + 1);
        LogRestarted(part.Name, _state.Restarts);
        _started.TrySetResult();
        return began;
    }

    private async Task FailAsync(Exception error)
    {
        LogFailed(part.Name, error.Message, error);
        _state = _state with { Phase = PartPhase.Failed, Reason = error.Message };
        using var drained = new CancellationTokenSource(s_failedDrain, time);
        await StopQuietlyAsync(drained.Token);
    }

    private async Task StopQuietlyAsync(CancellationToken drained)
    {
        try
        {
            await part.StopAsync(drained);
        }
        catch (Exception error)
        {
            // What cannot be stopped cleanly must not keep the other parts from stopping.
            LogStopFailed(part.Name, error.Message, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The part '{Part}' failed: {Reason}")]
    private partial void LogFailed(string part, string reason, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "The part '{Part}' is started again in {WaitSeconds:0.0} s")]
    private partial void LogRestart(string part, double waitSeconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "The part '{Part}' works again after {Restarts} restarts")]
    private partial void LogRestarted(string part, int restarts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The part '{Part}' did not stop cleanly: {Reason}")]
    private partial void LogStopFailed(string part, string reason, Exception error);
}
