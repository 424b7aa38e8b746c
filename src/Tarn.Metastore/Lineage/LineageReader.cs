using System.Runtime.CompilerServices;
using Tarn.Access.Trails;
using Tarn.Iceberg.Lineage;

namespace Tarn.Metastore.Lineage;

/// <summary>Reads lineage, also while it is being written.</summary>
/// <param name="folder">Folder of the trail.</param>
public sealed class LineageReader(string folder)
{
    // An event names every file and column that a statement read.
    private const int MaxLineBytes = 64 << 20;

    /// <summary>All events, segment by segment; within a segment in the order of writing. Torn lines and those without end are left out.</summary>
    public async IAsyncEnumerable<LineageEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (string line in new TrailFollower(folder, LineageWriter.Name, MaxLineBytes).ReadNewAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (LineageJson.TryRead(line) is { } found)
                yield return found;
        }
    }
}
