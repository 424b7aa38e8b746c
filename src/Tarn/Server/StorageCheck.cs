using Tarn.Composition;
using Tarn.Core.Errors;

namespace Tarn.Server;

/// <summary>
/// What a start asks of a lake's bucket elsewhere before anything listens: that it answers, may be written, and keeps what conditional writes promise.
/// A lake in the data folder costs nothing.
/// </summary>
/// <param name="storage">The storage of the lake.</param>
/// <param name="time">The clock of the limit.</param>
internal sealed class StorageCheck(LakeStorage storage, TimeProvider time)
{
    /// <summary>How long a service may take over all attempts; one that only begins to run is waited for, and one that never answers ends the start.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Checks.</summary>
    /// <exception cref="TarnException">
    /// NotFound for the bucket, PermissionDenied, Unauthenticated; Unsupported when conditional writes are ignored; Unavailable when the service does not answer.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (storage.Remote is not { } remote)
            return;
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await remote.VerifyAsync(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"Cannot use '{storage.WarehouseLocation}' as storage: the remote store did not answer within {Limit.TotalSeconds:0} s.", null);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.Unavailable)
        {
            throw Unreachable(error.Message, error);
        }
    }

    private static TarnException Unreachable(string problem, Exception? cause) =>
        new(ErrorKind.Unavailable, $"{problem} A server does not start without its storage: start that, or correct storage.s3.endpoint.", cause);
}
