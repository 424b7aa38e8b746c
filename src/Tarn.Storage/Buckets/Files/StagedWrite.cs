using System.Buffers;
using Tarn.Core.Checksums;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Files;

/// <summary>Bytes on their way into the store: in memory up to a limit, then in a staged file.</summary>
internal sealed class StagedWrite(IFileSystem files, BucketFolders folders, string bucket, ulong fileId, int memoryBytes, QuotaPlace quota) : ObjectWrite
{
    private const int CopyBytes = 1 << 20, FirstBufferBytes = 8 << 10;

    // So much is handed to the disk at once while the rest is still received: enough for long writes, and little is left for the sync at the end.
    private const int BegunBytes = 4 << 20;

    private byte[]? _buffer;
    private IFileHandle? _file;
    private long _sizeBytes, _begunBytes;
    private bool _isConsumed;

    public override string Bucket => bucket;

    public override long SizeBytes => _sizeBytes;

    /// <summary>Names the staged file, and later the object's own file.</summary>
    public ulong FileId => fileId;

    /// <summary>The place that the bytes hold under the bucket's quota until they are stored or given up.</summary>
    public QuotaPlace Quota => quota;

    public uint Crc32C { get; private set; }

    public string StagedPath { get; } = BucketFolders.StagedFile(fileId);

    /// <summary>All bytes when they are few enough to go into the log; false when they are in the staged file.</summary>
    private bool TryGetContent(out ReadOnlyMemory<byte> content)
    {
        content = _file is null ? _buffer.AsMemory(0, (int)_sizeBytes) : default;
        return _file is null;
    }

    /// <summary>The effect that brings the bytes under a path.</summary>
    public FileEffect Place(string path) => TryGetContent(out var content)
        ? new PlaceContent(path, StagedPath, content)
        : new PlaceFile(path, StagedPath);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isConsumed, this);
        Guard(() => Write(content.Span));
        return ValueTask.CompletedTask;
    }

    public override ValueTask CopyAsync(ObjectReader source, long offset, long length, CancellationToken cancellationToken = default)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(length, 1, CopyBytes));
        try
        {
            for (long copied = 0; copied < length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int wanted = (int)Math.Min(buffer.Length, length - copied);
                int read = source.Read(buffer.AsSpan(0, wanted), offset + copied);
                ArgumentOutOfRangeException.ThrowIfZero(read, nameof(length));
                Guard(() => Write(buffer.AsSpan(0, read)));
                copied += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Puts the bytes into the staged file: certain to stay there when they are not in memory, else only in place to be renamed.</summary>
    /// <returns>Time of the file's last write.</returns>
    public async ValueTask<DateTimeOffset> FinishAsync()
    {
        ObjectDisposedException.ThrowIf(_isConsumed, this);
        if (_file is null)
            Guard(WriteUnsynced);
        else
            // A thread of its own: the disk may take long, and the pool's threads are few.
            await Task.Factory.StartNew(() => Guard(Sync), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        return files.Stat(folders.Absolute(StagedPath))!.LastModified;
    }

    /// <summary>Says that the staged file has become an object's file, or belongs to recovery.</summary>
    public void Consume()
    {
        _isConsumed = true;
        Release();
    }

    protected override void Dispose(bool isDisposing)
    {
        if (_isConsumed)
            return;
        Consume();
        try
        {
            files.DeleteFile(folders.Absolute(StagedPath));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Disposing must not hide the failure that led here; the next start empties the staging folder.
            return;
        }
    }

    private void Write(ReadOnlySpan<byte> content)
    {
        if (_sizeBytes + content.Length > BucketLimits.ObjectBytes)
            throw new BucketStoreException(BucketFault.EntityTooLarge, $"The object is larger than {BucketLimits.ObjectBytes} bytes, the most that an object may have.");
        quota.Reach(_sizeBytes + content.Length);
        if (_file is null && _sizeBytes + content.Length > memoryBytes)
            Spill();
        if (_file is { } file)
            file.Write(content, _sizeBytes);
        else
            Append(content);
        Crc32C = Core.Checksums.Crc32C.Append(Crc32C, content);
        _sizeBytes += content.Length;
        BeginSync();
    }

    private void BeginSync()
    {
        if (_file is not { } file || _sizeBytes - _begunBytes < BegunBytes)
            return;
        file.BeginSync(_begunBytes, _sizeBytes - _begunBytes);
        _begunBytes = _sizeBytes;
    }

    private void Append(ReadOnlySpan<byte> content)
    {
        int needed = (int)_sizeBytes + content.Length;
        if (_buffer is null || _buffer.Length < needed)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(memoryBytes, Math.Max(FirstBufferBytes, (_buffer?.Length ?? 0) * 2))));
            _buffer?.AsSpan(0, (int)_sizeBytes).CopyTo(larger);
            ReturnBuffer();
            _buffer = larger;
        }

        content.CopyTo(_buffer.AsSpan((int)_sizeBytes));
    }

    private void Spill()
    {
        _file = files.CreateNew(folders.Absolute(StagedPath));
        if (_sizeBytes > 0)
            _file.Write(_buffer.AsSpan(0, (int)_sizeBytes), 0);
        ReturnBuffer();
    }

    private void WriteUnsynced()
    {
        using var file = files.CreateNew(folders.Absolute(StagedPath));
        if (_sizeBytes > 0)
            file.Write(_buffer.AsSpan(0, (int)_sizeBytes), 0);
    }

    private void Sync()
    {
        _file!.Sync();
        files.SyncFolder(folders.Staging);
    }

    private void Release()
    {
        // First, because closing a file can fail.
        quota.Dispose();
        ReturnBuffer();
        _file?.Dispose();
    }

    private void ReturnBuffer()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Translate(error, $"Cannot store an object of the bucket '{bucket}'", folders.Absolute(StagedPath));
        }
    }
}
