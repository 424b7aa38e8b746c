using System.Runtime.CompilerServices;
using Tarn.Access.Trails;

namespace Tarn.Access.Auditing;

/// <summary>Reads the events that come to the audit trail of a folder. Used by one caller at a time.</summary>
/// <param name="folder">Folder of the trail.</param>
/// <param name="query">Which events.</param>
public sealed class AuditFollower(string folder, AuditQuery query)
{
    private readonly TrailFollower _lines = new(folder, AuditWriter.Name);
    private readonly AuditFilter _filter = new(query);

    /// <summary>The events that fit and were not given yet: at first all that are there. Segment by segment; within a segment in the order of writing.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<AuditEvent> ReadNewAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (string line in _lines.ReadNewAsync(query.Since, cancellationToken).ConfigureAwait(false))
        {
            if (_filter.Read(line) is { } found)
                yield return found;
        }
    }
}
