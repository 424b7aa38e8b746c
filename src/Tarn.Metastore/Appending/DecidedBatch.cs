using System.Buffers;
using Tarn.Core.Errors;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Appending;

/// <summary>The commits of a batch whose conditions hold, each on the state that the one before gives.</summary>
/// <param name="Commits">The commits, numbered.</param>
/// <param name="Payload">The same as lines of JSON.</param>
/// <param name="State">The state after the last one.</param>
internal sealed record DecidedBatch(IReadOnlyList<CommitRecord> Commits, ArrayBufferWriter<byte> Payload, LogState State)
{
    /// <summary>Decides a batch under the turn. Who fails is told at once; the others when they are durable.</summary>
    public static DecidedBatch Decide(IEnumerable<PendingCommit> batch, LogState state, TimeProvider time)
    {
        var payload = new ArrayBufferWriter<byte>();
        var commits = new List<CommitRecord>();
        foreach (var pending in batch)
        {
            try
            {
                if (payload.WrittenCount > LogFormat.MaxPayloadBytes / 2)
                    throw new TarnException(ErrorKind.Unavailable, "Too many large commits arrived at once and nothing was changed; try again.");
                var at = state.TimeAt(time.GetUtcNow());
                state = state.WithoutEndedRequests(at);
                foreach (var condition in pending.Request.Conditions)
                    condition.Require(state, pending.Request.At);
                var commit = Number(pending.Request, state, at);
                state = state.Decide(commit);
                CommitJson.Write(payload, commit);
                commits.Add(commit);
                pending.Decide(commit);
            }
            catch (TarnException error)
            {
                pending.Fail(error);
            }
        }

        if (payload.WrittenCount > LogFormat.MaxPayloadBytes)
            throw TarnException.Invalid($"A commit of {payload.WrittenCount} bytes is larger than the {LogFormat.MaxPayloadBytes} that the commit log takes; change fewer things at once.");
        return new DecidedBatch(commits, payload, state);
    }

    private static CommitRecord Number(CommitRequest request, LogState state, DateTimeOffset at) =>
        new(state.Number + 1, at, request.Principal, request.At, [.. request.Changes.Select(c => c is CatalogChange.RememberRequest remember ? remember.At(at) : c)]);
}
