using System.Runtime.CompilerServices;

namespace Tarn.Access.Trails;

/// <summary>Reads the lines of a trail, also while it is being written.</summary>
public static class TrailLines
{
    /// <summary>The lines, segment by segment; within a segment in the order of writing. The last line of a segment may be torn.</summary>
    /// <param name="folder">Folder of the trail.</param>
    /// <param name="name">What names of its files begin with.</param>
    /// <param name="since">Segments that were written last before this are left out; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async IAsyncEnumerable<string> ReadAsync(string folder, string name, DateTimeOffset? since = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string segment in TrailSegments.List(folder, name))
        {
            if (since is { } first && File.GetLastWriteTimeUtc(segment) < first.UtcDateTime)
                continue;
            await foreach (string line in File.ReadLinesAsync(segment, cancellationToken).ConfigureAwait(false))
                yield return line;
        }
    }
}
