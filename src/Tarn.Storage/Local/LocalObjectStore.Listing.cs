using System.Runtime.CompilerServices;
using Tarn.Core.Files;
using Tarn.Core.Storage;
using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Local;

public sealed partial class LocalObjectStore
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectStat> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var place = _resolver.Resolve(prefix);
        // A bare bucket means everything inside, never other buckets of which it happens to be a prefix.
        bool isFolder = prefix.EndsWith('/') || place.Path == place.BucketFolder;
        string asked = isFolder && !prefix.EndsWith('/') ? prefix + "/" : prefix;
        string start = isFolder ? "" : place.Key is { } key ? key[(key.LastIndexOf('/') + 1)..] : Path.GetFileName(place.Path);
        string locationOfFolder = asked[..(asked.Length - start.Length)];
        await ValueTask.CompletedTask.ConfigureAwait(false);
        foreach (var found in Walk(FoldersOf(place, isFolder, start), locationOfFolder, start, place.BucketFolder is not null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return found;
        }
    }

    // Files of keys that are no names lie under escaped names, and some under the key itself.
    private static string[] FoldersOf(LocalPlace place, bool isFolder, string start)
    {
        if (place.Key is not { } key)
            return [isFolder ? place.Path : Path.GetDirectoryName(place.Path) ?? place.Path];
        if (key.Length == start.Length)
            return [place.BucketFolder!];
        string above = key[..(key.Length - start.Length - 1)];
        return [.. new[] { KeyPaths.Write(above), KeyPaths.Unescaped(above) }.OfType<string>().Select(p => Path.Join(place.BucketFolder, LocationResolver.ToNative(p)))];
    }

    // Depth first over sorted folders gives ordinal order of whole locations when a folder sorts as its name and a slash.
    private IEnumerable<ObjectStat> Walk(string[] folders, string location, string start, bool isBucket)
    {
        var entries = SortedEntries(folders, location, start, isBucket);
        for (int i = 0, next; i < entries.Length; i = next)
        {
            var entry = entries[i];
            for (next = i + 1; next < entries.Length && entries[next].SortKey == entry.SortKey;)
                next++;
            if (!entry.Stat.IsFolder)
            {
                if ((isBucket ? FileOf(location + entry.Name, entries[i..next]) : entry.Stat) is { } file)
                    yield return new ObjectStat(location + entry.Name, file.SizeBytes, file.LastModified);
                continue;
            }

            foreach (var inner in Walk([.. entries[i..next].Select(e => e.Path)], location + entry.SortKey, "", isBucket))
                yield return inner;
        }
    }

    // A key that ends with a slash stands for a folder, and what no location leads to is no object.
    private FileStat? FileOf(string location, Entry[] entries) =>
        location.EndsWith('/') ? null : Array.Find(entries, e => e.Path == ResolvePath(location))?.Stat;

    private Entry[] SortedEntries(string[] folders, string location, string start, bool isBucket)
    {
        var entries = folders.SelectMany(f => Entries(f, location, "", isBucket)).Where(e => e.Name.StartsWith(start, StringComparison.Ordinal)).ToArray();
        Array.Sort(Array.ConvertAll(entries, e => e.SortKey), entries, StringComparer.Ordinal);
        return entries;
    }

    /// <summary>What lies in a folder, with the segments of keys that its names stand for.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="location">Its location, for errors.</param>
    /// <param name="begun">The beginning of the segments, which the names of the folders above gave.</param>
    /// <param name="isBucket">Whether it lies in a bucket; elsewhere names stand for themselves.</param>
    private IEnumerable<Entry> Entries(string folder, string location, string begun, bool isBucket)
    {
        foreach (var stat in Enumerate(folder, location).Where(e => !BesideFile.IsName(e.Path)))
        {
            string path = Path.Join(folder, stat.Path), text = stat.Path;
            bool isBeginning = false;
            bool isEscaped = isBucket && EscapedNames.TryRead(stat.Path, out text, out isBeginning);
            if (isBeginning && stat.IsFolder)
            {
                foreach (var inner in Entries(path, location, begun + text, isBucket))
                    yield return inner;
            }
            else if (!isBeginning && (isEscaped || begun.Length == 0))
            {
                yield return new Entry(begun + text, path, stat);
            }
        }
    }

    private IReadOnlyList<FileStat> Enumerate(string folder, string location)
    {
        try
        {
            return _files.Enumerate(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return []; // no folder, no objects: it may also have gone while the listing ran
        }
        catch (IOException error) when (FileErrors.IsNotAFolder(error))
        {
            return [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot list '{location}'", folder);
        }
    }

    private sealed record Entry(string Name, string Path, FileStat Stat)
    {
        public string SortKey { get; } = Stat.IsFolder ? Name + "/" : Name;
    }
}
