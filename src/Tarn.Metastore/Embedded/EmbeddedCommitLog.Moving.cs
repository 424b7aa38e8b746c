using System.Buffers;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Embedded;

/// <summary>What moving the whole log needs: holding the turn all the while, and a copy that is put in place at once.</summary>
public sealed partial class EmbeddedCommitLog
{
    private const int CopiedFrameCommits = 256, CopiedFrameBytes = 8 << 20;

    /// <summary>Where the catalog lives instead; null when it is here.</summary>
    internal string? MovedTo => MovedMarker.Read(_files, _folder);

    /// <summary>Takes the turn: until it ends, nobody commits.</summary>
    internal async ValueTask<IDisposable> HoldAsync(CancellationToken cancellationToken)
    {
        _folders.Ensure(_folder);
        return await _turns.TakeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>From now on everybody is sent elsewhere.</summary>
    internal void MarkMoved(string to) => MovedMarker.Write(_files, _folder, to);

    /// <summary>Takes <see cref="MarkMoved"/> back.</summary>
    internal void UnmarkMoved() => MovedMarker.Remove(_files, _folder);

    /// <summary>Writes a log beside this one.</summary>
    /// <returns>Its path, for <see cref="Install"/>.</returns>
    /// <exception cref="TarnException">DataCorrupted when the commits are no log from number 1 on.</exception>
    internal async Task<string> WriteCopyAsync(IAsyncEnumerable<CommitRecord> commits, CancellationToken cancellationToken)
    {
        string path = _path + ".copy"; // one name: under the turn nobody else uses it, and an interrupted copy is overwritten
        using var file = _files.OpenWrite(path);
        file.Truncate(0);
        file.Write(LogFormat.WriteHeader(Guid.NewGuid()), 0);
        var cursor = LogCursor.Start;
        var frame = new List<CommitRecord>();
        var payload = new ArrayBufferWriter<byte>();
        await foreach (var commit in commits.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            CommitJson.Write(payload, commit);
            frame.Add(commit);
            if (frame.Count < CopiedFrameCommits && payload.WrittenCount < CopiedFrameBytes)
                continue;
            cursor = CopyFrame(file, cursor, payload, frame);
            payload.Clear();
            frame.Clear();
        }

        if (frame.Count > 0)
            CopyFrame(file, cursor, payload, frame);
        file.Sync();
        return path;
    }

    /// <summary>Puts a copy in the place of this log and keeps what was there beside it.</summary>
    internal void Install(string copy)
    {
        if (_files.Stat(_path) is not null)
            _files.Rename(_path, _path + _time.GetUtcNow().ToString("'.moved-'yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture), replace: false);
        _files.Rename(copy, _path, replace: false);
        _files.SyncFolder(_folder);
        if (MovedTo is not null)
            UnmarkMoved();
    }

    private static LogCursor CopyFrame(IFileHandle file, LogCursor cursor, ArrayBufferWriter<byte> payload, List<CommitRecord> commits)
    {
        var frame = new byte[FrameHeader.SizeBytes + payload.WrittenCount];
        payload.WrittenSpan.CopyTo(frame.AsSpan(FrameHeader.SizeBytes));
        var header = new FrameHeader(payload.WrittenCount, cursor.Offset, cursor.DurableOffset, commits[0].Number, commits.Count, cursor.Checksum, 0).Seal(frame);
        file.Write(frame, cursor.Offset);
        return cursor.Advance(header, commits);
    }

    // Who had the log open lets go of it: what comes back to its place later is another file.
    private void RequireHome()
    {
        if (MovedTo is not { } to)
            return;
        _log?.Dispose();
        _log = null;
        _cursor = LogCursor.Start;
        string message = $"The catalog of '{_folder}' was moved to {to}. Name it as metastore.postgres in tarn.yaml or TARN_METASTORE_POSTGRES, or bring it back with 'tarn catalog migrate --from'.";
        throw new TarnException(ErrorKind.InvalidRequest, message) { ClientMessage = "The catalog of this server was moved to another store. Its administrator has to name that one in the settings." };
    }
}
