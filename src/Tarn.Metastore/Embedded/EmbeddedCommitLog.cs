using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Appending;

namespace Tarn.Metastore.Embedded;

/// <summary>
/// The commit log as a file of our own, <c>commits.log</c> in the metastore folder. Readers follow its end and never wait; writers of all
/// processes take turns (<see cref="CommitTurns"/>), and commits that arrive in one process while a write is under way share the next write and
/// sync. Nothing is created before the first commit. Safe for any number of threads; one object per process is enough.
/// </summary>
public sealed partial class EmbeddedCommitLog : ICommitLog, IDisposable
{
    /// <summary>Name of the log inside the metastore folder.</summary>
    public const string LogName = "commits.log";

    private readonly IFileSystem _files;
    private readonly string _folder, _path;
    private readonly TimeProvider _time;
    private readonly CommitTurns _turns;
    private readonly Lock _gate = new();
    private LogCursor _cursor = LogCursor.Start;
    private IFileHandle? _log;
    private Guid _logId;

    /// <summary>Opens a log; touches nothing.</summary>
    /// <param name="folder">The metastore folder.</param>
    /// <param name="files">The disk; null for the operating system's.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="onWaiting">Told when a commit has waited for another process for a second, then each time the wait has doubled.</param>
    public EmbeddedCommitLog(string folder, IFileSystem? files = null, TimeProvider? time = null, Action<CommitWait>? onWaiting = null)
    {
        _files = files ?? PhysicalFileSystem.Instance;
        _folder = Path.GetFullPath(folder);
        _path = Path.Join(_folder, LogName);
        _time = time ?? TimeProvider.System;
        _folders = new DurableFolders(_files);
        _turns = new CommitTurns(_files, _folder, _time, onWaiting);
        _queue = new CommitQueue(WriteNextBatchAsync);
    }

    /// <inheritdoc/>
    public ValueTask<LogState> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Guarded("Cannot read the commit log", () => Refresh().State));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommitRecord> ReadHistoryAsync(long fromNumber = 1, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        foreach (var commit in Guarded("Cannot read the commit log", () => ReadHistory(fromNumber)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return commit;
        }
    }

    /// <summary>Closes the file. Commits under way fail or finish as they would have.</summary>
    public void Dispose()
    {
        // Whoever is told of his commit may dispose of the log while its checkpoint is written.
        lock (_writingCheckpoint)
            _isDisposed = true;
        lock (_gate)
        {
            _log?.Dispose();
            _log = null;
        }
    }

    /// <summary>Reads what was appended since the last look, by whomever.</summary>
    private LogCursor Refresh()
    {
        lock (_gate)
        {
            RequireHome();
            if (_log is not null && _files.Stat(_path) is { } now && now.SizeBytes != _log.LengthBytes)
            {
                using var current = _files.OpenRead(_path);
                LetGoUnlessSame(current);
            }

            if (!TryOpen())
                return _cursor;
            var behind = LogTail.Follow(_log!, _cursor, _path);
            if (behind.Offset != _cursor.Offset)
                _cursor = MakeDurable(behind);
            return _cursor;
        }
    }

    // Frames of another process may not have reached the disk yet: what anybody has seen must survive, so the reader syncs before it shows them.
    private LogCursor MakeDurable(LogCursor cursor)
    {
        // After a failed sync of ours the next commit writes those pages again; until then no sync proves anything.
        if (_doubtfulFrom is not null)
            return cursor;
        try
        {
            _files.SyncFile(_path);
            return cursor with { DurableOffset = cursor.Offset };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Media mounted for reading only, or a failing disk that the writer will meet itself: the commits are read all the same.
            return cursor;
        }
    }

    private bool TryOpen()
    {
        if (_log is not null)
            return true;
        if (_files.Stat(_path) is null)
        {
            if (_cursor.State.Number > 0)
                throw Gone();
            RequireNeverThere();
            return false;
        }

        Open(_files.OpenRead(_path));
        return true;
    }

    private void RequireNeverThere()
    {
        if (_files.Stat(Path.Join(_folder, Checkpoint.FileName)) is not null)
            throw Gone();
    }

    private TarnException Gone() => FileErrors.At(ErrorKind.DataCorrupted, _path, "The file of the catalog", "is gone, while its checkpoint is there. Restore the file from a backup.");

    private void Open(IFileHandle log)
    {
        try
        {
            _logId = ReadId(log);
            _cursor = Checkpoint.Read(_files, _folder, _logId);
            _checkpointOffset = _cursor.Offset;
            _log = log;
        }
        finally
        {
            if (_log is null)
                log.Dispose();
        }
    }

    // A catalog that went away and came back lies in another file of the same name: the one that is still open is only what it was.
    private void LetGoUnlessSame(IFileHandle current)
    {
        if (_log is not null && ReadId(current) != _logId)
            LetGo();
    }

    private void LetGo()
    {
        _log?.Dispose();
        _log = null;
        _cursor = LogCursor.Start;
    }

    private Guid ReadId(IFileHandle log)
    {
        var header = new byte[LogFormat.HeaderBytes];
        return LogFormat.ReadHeader(header.AsSpan(0, log.Read(header, 0)), _path);
    }

    private List<CommitRecord> ReadHistory(long fromNumber)
    {
        var found = new List<CommitRecord>();
        var end = Refresh();
        if (end.State.Number < fromNumber)
            return found;
        using var file = _files.OpenRead(_path);
        LogTail.Follow(file, LogCursor.Start, _path, commit =>
        {
            if (commit.Number >= fromNumber && commit.Number <= end.State.Number)
                found.Add(commit);
        });
        return found;
    }

    private T Guarded<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, what, _path);
        }
    }
}
