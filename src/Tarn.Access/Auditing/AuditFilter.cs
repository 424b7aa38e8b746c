using Tarn.Access.Policies;

namespace Tarn.Access.Auditing;

/// <summary>Which lines of the audit trail a query asks for.</summary>
internal sealed class AuditFilter(AuditQuery query)
{
    private readonly WildcardPattern? _action = query.Action is null ? null : WildcardPattern.Parse(query.Action, ignoreCase: true);
    private readonly WildcardPattern? _resource = query.Resource is null ? null : WildcardPattern.Parse(query.Resource);

    /// <summary>The event of a line; null when the query does not ask for it, or the line is torn.</summary>
    public AuditEvent? Read(string line) => AuditJson.TryRead(line) is { } found && Fits(found) ? found : null;

    private bool Fits(AuditEvent found) =>
        (query.Since is null || found.Time >= query.Since)
        && (query.IsAllowed is null || found.IsAllowed == query.IsAllowed)
        && (query.Principal is null || found.Principal.Contains(query.Principal, StringComparison.Ordinal) || found.AccessKeyId == query.Principal)
        && (_action?.IsMatch(found.Action) ?? true)
        && (_resource?.IsMatch(found.Resource) ?? true);
}
