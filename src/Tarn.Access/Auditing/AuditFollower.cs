using System.Runtime.CompilerServices;
using Tarn.Access.Policies;
using Tarn.Access.Trails;

namespace Tarn.Access.Auditing;

/// <summary>Reads the events that come to the audit trail of a folder. Used by one caller at a time.</summary>
/// <param name="folder">Folder of the trail.</param>
/// <param name="query">Which events.</param>
public sealed class AuditFollower(string folder, AuditQuery query)
{
    private readonly TrailFollower _lines = new(folder, AuditWriter.Name);
    private readonly WildcardPattern? _action = query.Action is null ? null : WildcardPattern.Parse(query.Action, ignoreCase: true);
    private readonly WildcardPattern? _resource = query.Resource is null ? null : WildcardPattern.Parse(query.Resource);

    /// <summary>
    /// The events that fit and were not given yet: at first all that are there. Segment by segment; within a segment in the order of writing. Torn lines and
    /// those without end are left out.
    /// </summary>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<AuditEvent> ReadNewAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (string line in _lines.ReadNewAsync(query.Since, cancellationToken).ConfigureAwait(false))
        {
            if (AuditJson.TryRead(line) is { } found && Fits(found))
                yield return found;
        }
    }

    private bool Fits(AuditEvent found) =>
        (query.Since is null || found.Time >= query.Since)
        && (query.IsAllowed is null || found.IsAllowed == query.IsAllowed)
        && (query.Principal is null || found.Principal.Contains(query.Principal, StringComparison.Ordinal) || found.AccessKeyId == query.Principal)
        && (_action?.IsMatch(found.Action) ?? true)
        && (_resource?.IsMatch(found.Resource) ?? true);
}
