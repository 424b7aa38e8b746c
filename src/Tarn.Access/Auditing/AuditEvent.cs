namespace Tarn.Access.Auditing;

/// <summary>What an event is about.</summary>
public enum AuditKind
{
    /// <summary>A decision about an action.</summary>
    Decision,

    /// <summary>A failed proof of identity.</summary>
    Authentication,

    /// <summary>A change of identities, keys or policies.</summary>
    Administration,
}

/// <summary>One line of the audit trail. It never holds a secret, a signature or a token.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Principal">ARN of who acted; <c>anonymous</c>; <c>local:NAME</c> for the command line.</param>
/// <param name="AccessKeyId">The key used or tried; null when none.</param>
/// <param name="Action">As in policies: <c>s3:GetObject</c>, <c>iam:CreateUser</c>.</param>
/// <param name="Resource">ARN of the resource.</param>
/// <param name="Source">Address it came from; null when unknown or local.</param>
/// <param name="IsAllowed">Whether it was allowed.</param>
/// <param name="Reason">Why, one sentence.</param>
/// <param name="RequestId">The id that the protocol gave the request; null when none.</param>
public sealed record AuditEvent(
    DateTimeOffset Time,
    AuditKind Kind,
    string Principal,
    string? AccessKeyId,
    string Action,
    string Resource,
    string? Source,
    bool IsAllowed,
    string Reason,
    string? RequestId);
