namespace Tarn.Access.Auditing;

/// <summary>What of the audit trail to read.</summary>
/// <param name="Since">Not before; null for all.</param>
/// <param name="Principal">Part of the principal's ARN or the access key; null for all.</param>
/// <param name="Action">A pattern of actions with <c>*</c> and <c>?</c>, case ignored; null for all.</param>
/// <param name="Resource">A pattern of resources with <c>*</c> and <c>?</c>; null for all.</param>
/// <param name="IsAllowed">Only what was allowed, or only what was denied; null for both.</param>
public sealed record AuditQuery(DateTimeOffset? Since = null, string? Principal = null, string? Action = null, string? Resource = null, bool? IsAllowed = null);
