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
    /// <summary>The events that fit, segment by segment; within a segment in the order of writing. Torn lines and those without end are left out.</summary>
    public IAsyncEnumerable<AuditEvent> ReadAsync(AuditQuery query, CancellationToken cancellationToken = default) => new AuditFollower(folder, query).ReadNewAsync(cancellationToken);
}
