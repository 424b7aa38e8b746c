using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Files;

namespace Tarn.Storage.Buckets.Events;

/// <summary>
/// Messages that wait to be sent, one file each in a folder of their own, so that they outlive the process. One sender. When too many wait,
/// the oldest is given up and counted. A file is written under another name first, so that one of a message is whole.
/// </summary>
public sealed class EventSpool
{
    private const string Extension = ".json", UnfinishedExtension = ".tmp";
    private readonly IFileSystem _files;
    private readonly string _folder;
    private readonly int _capacity;
    private readonly Lock _gate = new();
    private readonly Queue<long> _waiting = new();
    private long _next;
    private long? _peeked;
    private long _droppedCount;

    /// <summary>Opens a spool, with what an earlier process left in it.</summary>
    /// <param name="folder">Its folder; created when missing.</param>
    /// <param name="capacity">Messages that may wait.</param>
    /// <param name="files">The disk; null for the operating system's.</param>
    /// <exception cref="TarnException">The disk cannot be read or written.</exception>
    public EventSpool(string folder, int capacity, IFileSystem? files = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        (_folder, _capacity, _files) = (Path.GetFullPath(folder), capacity, files ?? PhysicalFileSystem.Instance);
        Guard(() =>
        {
            new DurableFolders(_files).Ensure(_folder);
            foreach (var unfinished in _files.Enumerate(_folder).Where(f => f.Path.EndsWith(UnfinishedExtension, StringComparison.Ordinal)))
                _files.DeleteFile(Path.Join(_folder, unfinished.Path));
            foreach (long number in _files.Enumerate(_folder).Select(f => Number(f.Path)).OfType<long>().Order())
                _waiting.Enqueue(number);
            return _next = _waiting.Count == 0 ? 0 : _waiting.Max() + 1;
        });
    }

    /// <summary>Messages that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Messages that were given up: too many waited, or <see cref="GiveUpOldest"/>.</summary>
    public long DroppedCount => Interlocked.Read(ref _droppedCount);

    /// <summary>Adds a message.</summary>
    /// <exception cref="TarnException">The disk cannot be written.</exception>
    public void Add(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            while (_waiting.Count >= _capacity)
            {
                Remove(_waiting.Dequeue());
                Interlocked.Increment(ref _droppedCount);
            }

            long number = _next++;
            byte[] content = message.ToArray();
            Guard(() => Write(number, content));
            _waiting.Enqueue(number);
        }
    }

    /// <summary>The oldest message, which stays until <see cref="RemoveOldest"/>; null when none waits.</summary>
    /// <exception cref="TarnException">NotFound when its file is gone, DataCorrupted when it lost its bytes in a power cut; others when the disk cannot be read.</exception>
    public byte[]? PeekOldest()
    {
        lock (_gate)
        {
            if (!_waiting.TryPeek(out long number))
                return null;
            _peeked = number;
            return Guard(() =>
            {
                using var file = _files.OpenRead(PathOf(number));
                var content = new byte[checked((int)file.LengthBytes)];
                if (file.Read(content, 0) < content.Length || content.Length == 0)
                    throw TarnException.Corrupted($"The event in '{PathOf(number)}' is not whole: the machine lost its power while it was kept.");
                return content;
            });
        }
    }

    /// <summary>Removes the message that was looked at: it was sent. When it was given up meanwhile, the next one stays.</summary>
    /// <exception cref="TarnException">The disk cannot be written: the message may be sent again after a restart.</exception>
    public void RemoveOldest()
    {
        lock (_gate)
        {
            if (TakePeeked() is { } number)
                Remove(number);
        }
    }

    /// <summary>Removes the message that was looked at, unsent, and counts it.</summary>
    /// <exception cref="TarnException">Its file cannot be removed; it waits no more all the same.</exception>
    public void GiveUpOldest()
    {
        lock (_gate)
        {
            if (TakePeeked() is not { } number)
                return;
            Interlocked.Increment(ref _droppedCount);
            Remove(number);
        }
    }

    // Null when it was given up meanwhile, because too many waited.
    private long? TakePeeked()
    {
        bool isGone = _peeked is { } seen && (!_waiting.TryPeek(out long oldest) || oldest != seen);
        _peeked = null;
        return isGone ? null : _waiting.Dequeue();
    }

    private long Write(long number, byte[] content)
    {
        string path = PathOf(number), unfinished = Path.ChangeExtension(path, UnfinishedExtension);
        try
        {
            using (var file = _files.CreateNew(unfinished))
                file.Write(content, 0);
            _files.Rename(unfinished, path, replace: true);
            return number;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _files.DeleteFile(unfinished);
            throw;
        }
    }

    private void Remove(long number) => Guard(() =>
    {
        _files.DeleteFile(PathOf(number));
        return number;
    });

    private string PathOf(long number) => Path.Join(_folder, number.ToString("D16", CultureInfo.InvariantCulture) + Extension);

    private static long? Number(string name) =>
        name.EndsWith(Extension, StringComparison.Ordinal) && long.TryParse(name.AsSpan(0, name.Length - Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private T Guard<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Translate(error, "Cannot keep events that wait to be sent", _folder);
        }
    }
}
