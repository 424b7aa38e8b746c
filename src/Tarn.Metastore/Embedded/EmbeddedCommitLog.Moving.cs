using System.Buffers;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Moving;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Embedded;

/// <summary>What moving the whole log needs: holding the turn all the while, and a copy that is put in place at once.</summary>
public sealed partial class EmbeddedCommitLog
{
    private const int CopiedFrameCommits = 256, CopiedFrameBytes = 8 << 20;

    /// <summary>Takes the turn: until it ends, nobody commits.</summary>
    internal async ValueTask<IDisposable> HoldAsync(CancellationToken cancellationToken)
    {
        _folders.Ensure(_folder);
        return await _turns.TakeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is here, also where a mark sends everybody elsewhere. Changes nothing.</summary>
    internal StoredLog ReadStored() => Guarded("Cannot read the commit log", () =>
    {
        var commits = new List<CommitRecord>();
        var mark = MovedMarker.Read(_files, _folder);
        if (_files.Stat(_path) is null)
        {
            // A move into this folder may have been interrupted while the log was put in its place.
            if (mark is null)
                RequireNeverThere();
            return new StoredLog(mark, commits);
        }

        using var file = _files.OpenRead(_path);
        ReadId(file);
        LogTail.Follow(file, LogCursor.Start, _path, commits.Add);
        return new StoredLog(mark, commits);
    });

    /// <summary>From now on everybody is sent elsewhere; null takes it back.</summary>
    internal void Mark(MoveMark? mark) => Guarded("Cannot move the catalog", () =>
    {
        if (mark is null)
            MovedMarker.Remove(_files, _folder);
        else
            MovedMarker.Write(_files, _folder, mark);
        return true;
    });

    /// <summary>Puts a log of some commits in the place of this one, durably, and keeps what was there beside it.</summary>
    /// <exception cref="TarnException">DataCorrupted when the commits are no log from number 1 on.</exception>
    internal void Replace(IReadOnlyList<CommitRecord> commits) => Guarded("Cannot move the catalog", () =>
    {
        string copy = WriteCopy(commits);
        if (_files.Stat(_path) is not null)
            _files.Rename(_path, FreeName(_path + _time.GetUtcNow().ToString("'.moved-'yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)), replace: false);
        _files.Rename(copy, _path, replace: false);
        _files.SyncFolder(_folder);
        return true;
    });

    private string WriteCopy(IReadOnlyList<CommitRecord> commits)
    {
        string path = _path + ".copy"; // one name: under the turn nobody else uses it, and an interrupted copy is overwritten
        using var file = _files.OpenWrite(path);
        file.Truncate(0);
        file.Write(LogFormat.WriteHeader(Guid.NewGuid()), 0);
        var cursor = LogCursor.Start;
        var frame = new List<CommitRecord>();
        var payload = new ArrayBufferWriter<byte>();
        foreach (var commit in commits)
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

    // Moves that follow each other within a second keep what each of them put aside.
    private string FreeName(string path)
    {
        string name = path;
        for (int i = 2; _files.Stat(name) is not null; i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{path}-{i}");
        return name;
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
        if (MovedMarker.Read(_files, _folder) is not { } mark)
            return;
        LetGo();
        throw Away(mark);
    }

    /// <summary>What is said to who asks for the catalog that lives elsewhere.</summary>
    internal TarnException Away(MoveMark mark)
    {
        string folder = Path.GetDirectoryName(_folder)!, back = MoveMark.CommandFrom(folder);
        return mark.IsUnfinished
            ? new TarnException(ErrorKind.InvalidRequest, $"The catalog is being moved from {mark.Place} to '{folder}', and the move is not finished. Finish it, with that PostgreSQL and schema as metastore.postgres and metastore.schema: {back}")
            {
                ClientMessage = "The catalog of this server is being moved, and the move is not finished. Its administrator has to finish it.",
            }
            : new TarnException(ErrorKind.InvalidRequest, $"The catalog of '{folder}' was moved to {mark.Place}. Name it as metastore.postgres and metastore.schema in tarn.yaml, or as TARN_METASTORE_POSTGRES and TARN_METASTORE_SCHEMA; or, with these, bring it back: {back}")
            {
                ClientMessage = "The catalog of this server was moved to another store. Its administrator has to name that one in the settings.",
            };
    }
}
