using System.Runtime.CompilerServices;
using Tarn.Core.Files;
using Tarn.Core.Storage;

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
        string folder = isFolder ? place.Path : Path.GetDirectoryName(place.Path) ?? place.Path;
        string start = isFolder ? "" : Path.GetFileName(place.Path);
        string locationOfFolder = asked[..(asked.Length - start.Length)];
        await ValueTask.CompletedTask.ConfigureAwait(false);
        foreach (var found in Walk(folder, locationOfFolder, start))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return found;
        }
    }

    // Depth first over sorted folders gives ordinal order of whole locations when a folder sorts as its name and a slash.
    private IEnumerable<ObjectStat> Walk(string folder, string location, string start)
    {
        foreach (var entry in SortedEntries(folder, location, start))
        {
            string path = Path.Join(folder, entry.Path);
            if (!entry.IsFolder)
            {
                yield return new ObjectStat(location + entry.Path, entry.SizeBytes, entry.LastModified);
                continue;
            }

            foreach (var inner in Walk(path, location + entry.Path + "/", ""))
                yield return inner;
        }
    }

    private FileStat[] SortedEntries(string folder, string location, string start)
    {
        try
        {
            FileStat[] entries = [.. _files.Enumerate(folder)
                .Where(e => e.Path.StartsWith(start, StringComparison.Ordinal) && !BesideFile.IsName(e.Path))];
            Array.Sort(Array.ConvertAll(entries, SortKey), entries, StringComparer.Ordinal);
            return entries;
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

    private static string SortKey(FileStat entry) => entry.IsFolder ? entry.Path + "/" : entry.Path;
}
