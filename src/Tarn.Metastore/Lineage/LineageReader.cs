using System.Runtime.CompilerServices;
using Tarn.Access.Trails;
using Tarn.Iceberg.Lineage;

namespace Tarn.Metastore.Lineage;

/// <summary>Reads lineage, also while it is being written.</summary>
/// <param name="folder">Folder of the trail.</param>
public sealed class LineageReader(string folder)
{
    /// <summary>All events, segment by segment; within a segment in the order of writing. Torn lines at the end of a segment are left out.</summary>
    public async IAsyncEnumerable<LineageEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (string line in TrailLines.ReadAsync(folder, LineageWriter.Name, null, cancellationToken).ConfigureAwait(false))
        {
            if (LineageJson.TryRead(line) is { } found)
                yield return found;
        }
    }
}
