using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Tarn.Catalog.Hive.Calls;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Hive.Hosting;

/// <summary>Finds who answers a call and gives every outcome its form on the wire.</summary>
/// <param name="methods">The calls.</param>
/// <param name="sessions">Says in whose name a catalog is used.</param>
/// <param name="telemetry">Told of every call.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of defects.</param>
internal sealed partial class HiveDispatcher(FrozenDictionary<string, HiveMethod> methods, HiveSessions sessions, HiveTelemetry telemetry, TimeProvider time, ILogger<HiveDispatcher> logger)
{
    // TApplicationException.
    private const int UnknownMethod = 1, InvalidMessageType = 2, InternalError = 6;

    /// <summary>Answers a call.</summary>
    /// <exception cref="OperationCanceledException">The connection is gone.</exception>
    public async ValueTask<HiveAnswer> AnswerAsync(ThriftMessage request, HiveSession session, CancellationToken cancellationToken)
    {
        if (request.Kind is not (ThriftMessageKind.Call or ThriftMessageKind.Oneway))
            return new HiveAnswer(Failure(request, InvalidMessageType, $"A message of kind {request.Kind} is no call"));
        if (!methods.TryGetValue(request.Name, out var method))
        {
            telemetry.Record("none", "UNKNOWN_METHOD", TimeSpan.Zero);
            return new HiveAnswer(Failure(request, UnknownMethod, $"Invalid method name: '{request.Name}'"));
        }

        long start = time.GetTimestamp();
        using var activity = telemetry.Start(method.Name);
        var (answer, error) = await AnswerAsync(method, request, session, cancellationToken).ConfigureAwait(false);
        telemetry.Record(method.Name, error, time.GetElapsedTime(start));
        return method.IsOneway ? new HiveAnswer(null) : answer;
    }

    private async ValueTask<(HiveAnswer Answer, string Error)> AnswerAsync(HiveMethod method, ThriftMessage request, HiveSession session, CancellationToken cancellationToken)
    {
        try
        {
            var catalog = method.IsOpen ? null : await sessions.OpenAsync(session, cancellationToken).ConfigureAwait(false);
            var call = new HiveCall(request.Body, catalog, session.Caller?.CanonicalId ?? "", cancellationToken);
            var value = await method.Handle(call).ConfigureAwait(false);
            var result = new ThriftStruct();
            return (new HiveAnswer(Reply(request, value is { } found ? result.With(0, found) : result), call.Undo), "");
        }
        catch (HiveFault fault)
        {
            return (new HiveAnswer(Declared(method, request, fault)), fault.Kind.ToString());
        }
        catch (TarnException error)
        {
            if (error.Kind == ErrorKind.Internal || ClientMessages.LeavesOut(error))
                LogDefect(method.Name, error);
            return (new HiveAnswer(Declared(method, request, HiveErrorMapping.Map(error))), error.Kind.ToString());
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogDefect(method.Name, error);
            return (new HiveAnswer(Failure(request, InternalError, $"Internal error processing {method.Name}")), nameof(ErrorKind.Internal));
        }
    }

    private static ThriftMessage Declared(HiveMethod method, ThriftMessage request, HiveFault fault) => method.FindId(fault.Kind) is { } id
        ? Reply(request, new ThriftStruct().With(id, new ThriftStruct().With(1, fault.Message)))
        : Failure(request, InternalError, fault.Message);

    private static ThriftMessage Reply(ThriftMessage request, ThriftStruct result) => request with { Kind = ThriftMessageKind.Reply, Body = result };

    private static ThriftMessage Failure(ThriftMessage request, int type, string message) =>
        request with { Kind = ThriftMessageKind.Exception, Body = new ThriftStruct().With(1, message).With(2, type) };

    [LoggerMessage(Level = LogLevel.Error, Message = "The metastore call {Method} failed")]
    private partial void LogDefect(string method, Exception error);
}

/// <summary>What is sent back.</summary>
/// <param name="Message">The answer; null when none is wanted.</param>
/// <param name="Undo">Takes back what the call did when the answer cannot be sent; null for most.</param>
internal readonly record struct HiveAnswer(ThriftMessage? Message, Action? Undo = null);
