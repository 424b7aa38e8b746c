using Tarn.Core.Errors;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Embedded;

/// <summary>How far the log has been read, and the state there.</summary>
/// <param name="Offset">End of the last frame read.</param>
/// <param name="Checksum">Checksum of that frame; 0 before the first.</param>
/// <param name="DurableOffset">Up to where the log is known to be on the disk.</param>
/// <param name="State">What all commits up to here give.</param>
internal sealed record LogCursor(long Offset, uint Checksum, long DurableOffset, LogState State)
{
    /// <summary>Before the first frame.</summary>
    public static LogCursor Start { get; } = new(LogFormat.HeaderBytes, 0, LogFormat.HeaderBytes, LogState.Empty);

    /// <summary>The frame at the cursor, if it is there as a whole and continues the log.</summary>
    public bool TryReadFrame(ReadOnlySpan<byte> bytes, out FrameHeader header) =>
        FrameHeader.TryRead(bytes, Offset, out header) && header.PreviousChecksum == Checksum;

    /// <summary>The cursor behind a frame.</summary>
    /// <exception cref="TarnException">DataCorrupted when its commits do not fit the state.</exception>
    public LogCursor Advance(FrameHeader header, IReadOnlyList<CommitRecord> commits)
    {
        var state = State;
        foreach (var commit in commits)
            state = commit.Number == state.Number + 1 ? Apply(state, commit) : throw Gap(state, commit);
        return new LogCursor(header.End, header.Checksum, Math.Max(DurableOffset, header.DurableOffset), state);
    }

    /// <summary>The commits of a frame.</summary>
    /// <exception cref="TarnException">DataCorrupted or Unsupported, from <see cref="CommitJson.Read"/>.</exception>
    public static IReadOnlyList<CommitRecord> ReadCommits(FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        var commits = new List<CommitRecord>(header.CommitCount);
        while (!payload.IsEmpty)
        {
            int end = payload.Span.IndexOf((byte)'\n');
            commits.Add(CommitJson.Read(end < 0 ? payload : payload[..end]));
            payload = end < 0 ? ReadOnlyMemory<byte>.Empty : payload[(end + 1)..];
        }

        return commits.Count == header.CommitCount && commits[0].Number == header.FirstNumber
            ? commits
            : throw TarnException.Corrupted($"A frame of the commit log at offset {header.Offset} announces {header.CommitCount} commits from number {header.FirstNumber} and holds others.");
    }

    private static LogState Apply(LogState state, CommitRecord commit)
    {
        try
        {
            return state.Apply(commit);
        }
        catch (TarnException error)
        {
            throw TarnException.Corrupted($"Commit {commit.Number} of the log does not fit the commits before it: {error.Message}", error);
        }
    }

    private static TarnException Gap(LogState state, CommitRecord commit) =>
        TarnException.Corrupted($"Commit {commit.Number} of the log follows commit {state.Number}: commits between are missing.");
}
