using Tarn.Core.Files;

namespace Tarn.Metastore.Embedded;

public sealed partial class EmbeddedCommitLog
{
    private readonly DurableFolders _folders;
    private long _checkpointOffset = LogFormat.HeaderBytes;
    private long _checkpointSize;
    private readonly Lock _writingCheckpoint = new();
    private bool _isDisposed;

    // A checkpoint costs a write of the whole state; the log read at opening stays below this many bytes, or the size of the last checkpoint.
    internal long CheckpointEveryBytes { get; init; } = 256 << 10;

    private void WriteCheckpointWhenDue()
    {
        LogCursor cursor;
        Guid id;
        lock (_gate)
            (cursor, id) = (_cursor, _logId);
        bool isDue = cursor.DurableOffset == cursor.Offset && cursor.Offset - _checkpointOffset > Math.Max(CheckpointEveryBytes, _checkpointSize);
        if (!isDue || !_writingCheckpoint.TryEnter())
            return;
        try
        {
            if (_isDisposed)
                return;
            Checkpoint.Write(_files, _folder, id, cursor);
            _checkpointSize = _files.Stat(Path.Join(_folder, Checkpoint.FileName))?.SizeBytes ?? 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The checkpoint only makes opening faster; the commits stand, and the next one tries again after as many bytes.
            _checkpointSize = 0;
        }
        finally
        {
            _checkpointOffset = cursor.Offset;
            _writingCheckpoint.Exit();
        }
    }
}
