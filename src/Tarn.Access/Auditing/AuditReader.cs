using System.Runtime.CompilerServices;

namespace Tarn.Access.Auditing;

/// <summary>What of the audit trail to read.</summary>
/// <param name="Since">Not before; null for all.</param>
/// <param name="Principal">Part of the principal's ARN or the access key; null for all.</param>
/// <param name="Action">A pattern of actions with <c>*</c> and <c>?</c>, case ignored; null for all.</param>
/// <param name="Resource">A pattern of resources with <c>*</c> and <c>?</c>; null for all.</param>
/// <param name="IsAllowed">Only what was allowed, or only what was denied; null for both.</param>
public sealed record AuditQuery(DateTimeOffset? Since = null, string? Principal = null, string? Action = null, string? Resource = null, bool? IsAllowed = null);

/// <summary>Reads the audit trail of a folder, also while it is being written.</summary>
/// <param name="folder">Folder of the trail.</param>
public sealed class AuditReader(string folder)
{
    /// <summary>The events that fit, segment by segment; within a segment in the order of writing. Torn lines at the end of a segment are left out.</summary>
    public async IAsyncEnumerable<AuditEvent> ReadAsync(AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var action = query.Action is null ? null : Policies.WildcardPattern.Parse(query.Action, ignoreCase: true);
        var resource = query.Resource is null ? null : Policies.WildcardPattern.Parse(query.Resource);
        await foreach (string line in Trails.TrailLines.ReadAsync(folder, AuditWriter.Name, query.Since, cancellationToken).ConfigureAwait(false))
        {
            if (AuditJson.TryRead(line) is { } found && Fits(found, query) && (action?.IsMatch(found.Action) ?? true) && (resource?.IsMatch(found.Resource) ?? true))
                yield return found;
        }
    }

    private static bool Fits(AuditEvent found, AuditQuery query) =>
        (query.Since is null || found.Time >= query.Since)
        && (query.IsAllowed is null || found.IsAllowed == query.IsAllowed)
        && (query.Principal is null || found.Principal.Contains(query.Principal, StringComparison.Ordinal) || found.AccessKeyId == query.Principal);
}
