using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Cache;

/// <summary>What lies on the disk: one file for each object, named by <see cref="CachedObject.FileName"/>; unfinished ones are numbered <c>.part</c>.</summary>
public sealed partial class DiskCache
{
    private const string PartExtension = ".part";

    private async Task<CacheEntry> FetchAsync(CachedObject wanted, Func<string, CancellationToken, Task> fetch)
    {
        // Leaves the lock of the caller: the rest runs on its own.
        await Task.Yield();
        string part = PartPath();
        try
        {
            await fetch(part, CancellationToken.None).ConfigureAwait(false);
            long sizeBytes = _files.Stat(part)?.SizeBytes ?? -1;
            if (sizeBytes != wanted.SizeBytes)
                throw TarnException.Corrupted($"Fetching '{wanted.Location}' gave {sizeBytes} bytes where the remote store announced {wanted.SizeBytes}.");
            // Without it a power cut could leave a file of the right length with other bytes.
            _files.SyncFile(part);
            return Keep(wanted, part);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot keep '{wanted.Location}' in the disk cache", part);
        }
        finally
        {
            Delete(part);
            lock (_gate)
                _fetching.Remove(wanted.FileName);
        }
    }

    private CacheEntry Keep(CachedObject wanted, string part)
    {
        lock (_gate)
        {
            string path = Path.Join(Folder(), wanted.FileName);
            string key = CachedObject.Hash(wanted.Location);
            if (_entries.TryGetValue(key, out var old))
                Drop(old);
            // Whoever still reads what was forgotten meanwhile has the same bytes under the same name, and the end of that lease must not remove the file of this one.
            if (!_leaving.Remove(path, out var entry))
            {
                _files.Rename(part, path, replace: true);
                entry = new CacheEntry(path, CachedObject.Hash(wanted.ETag), wanted.SizeBytes);
            }

            Add(key, entry);
            // The one who fetched it has not leased it yet: it must not be the one to go.
            entry.Leases++;
            MakeRoom();
            entry.Leases--;
            return entry;
        }
    }

    private void Add(string key, CacheEntry entry)
    {
        _entries[key] = _byUse.AddLast(new Known(key, entry));
        _sizeBytes += entry.SizeBytes;
    }

    private void MakeRoom()
    {
        for (var node = _byUse.First; node is not null && _sizeBytes > _options.SizeBytes;)
        {
            var next = node.Next;
            if (node.Value.Entry.Leases == 0)
                Drop(node);
            node = next;
        }
    }

    private void Drop(LinkedListNode<Known> node)
    {
        var entry = node.Value.Entry;
        _byUse.Remove(node);
        _entries.Remove(node.Value.LocationHash);
        _sizeBytes -= entry.SizeBytes;
        if (entry.Leases == 0)
            Delete(entry.Path);
        else
            _leaving[entry.Path] = entry;
    }

    // A file that cannot be removed now is found again at the next start.
    private void Delete(string path)
    {
        try
        {
            _files.DeleteFile(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private string PartPath()
    {
        lock (_gate)
            return Path.Join(Folder(), string.Create(CultureInfo.InvariantCulture, $"{_next++:D8}{PartExtension}"));
    }

    private string Folder() => _slot?.Folder ?? throw new ObjectDisposedException(nameof(DiskCache));

    // Reads what earlier programs left, oldest first; halves of killed ones go.
    private void Open()
    {
        if (_slot is not null)
            return;
        _slot = CacheSlot.Take(_root, _files);
        foreach (var file in _files.Enumerate(_slot.Folder).Where(f => !f.IsFolder).OrderBy(f => f.LastModified))
        {
            string path = Path.Join(_slot.Folder, file.Path);
            if (file.Path.Split('-', '.') is [var key, var etagHash, _] && !_entries.ContainsKey(key))
                Add(key, new CacheEntry(path, etagHash, file.SizeBytes));
            else if (file.Path.EndsWith(PartExtension, StringComparison.Ordinal))
                Delete(path);
        }

        MakeRoom();
    }
}
