using System.Collections.Immutable;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// What can still be read of an index that is damaged: every intact block of its segments and every intact batch of its logs, older ones first, so that
/// newer ones win.
/// </summary>
internal sealed class IndexSalvage
{
    private readonly IndexFiles _names;
    private readonly SortedDictionary<byte[], byte[]?> _entries = new(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
    private readonly List<string> _damages = [];

    private IndexSalvage(IndexFiles names) => _names = names;

    /// <summary>What stands in the index, by key; null for what was removed.</summary>
    public SortedDictionary<byte[], byte[]?> Entries => _entries;

    /// <summary>What could not be read, for people: file and place. Empty when all could.</summary>
    public IReadOnlyList<string> Damages => _damages;

    /// <summary>Reads an index that nobody has open, and changes nothing.</summary>
    public static IndexSalvage Read(IFileSystem files, string folder)
    {
        var salvage = new IndexSalvage(new IndexFiles(files, folder));
        var (segments, firstLog) = salvage.ReadManifest(files, folder);
        foreach (long number in segments)
            salvage.ReadSegment(number);
        long expected = firstLog;
        foreach (long number in salvage._names.Logs().Where(n => n >= firstLog))
        {
            if (firstLog > 0 && number != expected)
                salvage._damages.Add($"'{salvage._names.Log(expected)}' is missing");
            expected = number + 1;
            salvage.ReadLog(number);
        }

        return salvage;
    }

    /// <summary>Makes the given entries the whole index; until the last step of this the old one stands.</summary>
    public void Replace(IEnumerable<KeyValuePair<byte[], byte[]>> entries, int blockBytes)
    {
        var (files, folder) = (_names.Disk, _names.Folder);
        long number = _names.Segments().Concat(_names.Logs()).DefaultIfEmpty(0).Max() + 1;
        using (var writer = new SegmentWriter(files.CreateNew(_names.Segment(number)), blockBytes))
        {
            foreach (var (key, value) in entries)
                writer.Add(key, value, isRemoved: false);
            writer.Finish();
        }

        files.SyncFolder(folder);
        new IndexManifest(number, number + 1, [number]).Write(files, folder);
    }

    // Oldest first. Without a manifest numbers tell the age, for a merged segment got its number before anything newer was written.
    private (IReadOnlyList<long> Segments, long FirstLog) ReadManifest(IFileSystem files, string folder)
    {
        try
        {
            if (IndexManifest.Read(files, folder) is { } manifest)
                return ([.. manifest.Segments.Reverse()], manifest.FirstLog);
            if (_names.Logs().Count + _names.Segments().Count > 0)
                _damages.Add($"the manifest of '{folder}' is missing");
        }
        catch (TarnException error) when (error.Kind == ErrorKind.DataCorrupted)
        {
            _damages.Add($"the manifest of '{folder}' is damaged");
        }

        return (_names.Segments(), 0);
    }

    private void ReadSegment(long number)
    {
        string path = _names.Segment(number);
        try
        {
            using var segment = Segment.Open(_names.Disk, path, number);
            for (int block = 0; block < segment.BlockCount; block++)
                ReadBlock(segment, block, path);
        }
        catch (Exception error) when (error is FileNotFoundException || error is TarnException { Kind: ErrorKind.DataCorrupted })
        {
            _damages.Add(error is TarnException ? $"'{path}' has no readable table of its blocks" : $"'{path}' is missing");
        }
    }

    private void ReadBlock(Segment segment, int block, string path)
    {
        try
        {
            using var cursor = new SegmentCursor(segment);
            cursor.EnterBlock(block);
            while (cursor.MoveNextInBlock())
                _entries[cursor.Key.ToArray()] = cursor.IsRemoved ? null : cursor.Value.ToArray();
        }
        catch (TarnException error) when (error.Kind == ErrorKind.DataCorrupted)
        {
            _damages.Add(string.Create(CultureInfo.InvariantCulture, $"'{path}', block {block} of {segment.BlockCount}"));
        }
    }

    private void ReadLog(long number)
    {
        string path = _names.Log(number);
        using var file = _names.Disk.OpenRead(path);
        var reader = new LogReader(file, path, number);
        foreach (var (batch, lostBytes) in reader.Salvage())
        {
            if (lostBytes > 0)
                _damages.Add(string.Create(CultureInfo.InvariantCulture, $"'{path}', {lostBytes} bytes before a batch that is intact"));
            foreach (var change in batch.Changes)
                _entries[change.Key] = change.Value;
        }
    }
}
