namespace Tarn.Access;

/// <summary>Why a decision was made.</summary>
public enum DecisionReason
{
    /// <summary>The caller is root.</summary>
    Root,

    /// <summary>A policy of the caller, a group of it or its role allows.</summary>
    IdentityPolicy,

    /// <summary>A policy of the resource allows.</summary>
    ResourcePolicy,

    /// <summary>A statement denies; nothing outranks that.</summary>
    ExplicitDeny,

    /// <summary>No statement allows.</summary>
    NoStatement,

    /// <summary>A statement would allow, but the policy of the session or service account does not.</summary>
    Narrowed,

    /// <summary>The resource is of another account: its policy and the caller's own must both allow, and one does not.</summary>
    OtherAccount,

    /// <summary>The caller was removed or disabled since it proved itself.</summary>
    CallerGone,
}

/// <summary>Whether something may be done.</summary>
/// <param name="IsAllowed">Whether.</param>
/// <param name="Reason">Why.</param>
/// <param name="Policy">The policy that decided, e.g. <c>readonly</c> or <c>resource policy</c>; null when none did.</param>
/// <param name="Sid">The statement that decided, where it has a name.</param>
public readonly record struct AccessDecision(bool IsAllowed, DecisionReason Reason, string? Policy = null, string? Sid = null)
{
    /// <summary>One sentence without secrets, for the audit trail and for messages to administrators.</summary>
    public string Explanation => (Reason switch
    {
        DecisionReason.Root => "allowed to root",
        DecisionReason.IdentityPolicy => "allowed by the caller's policy",
        DecisionReason.ResourcePolicy => "allowed by the resource's policy",
        DecisionReason.ExplicitDeny => "denied by a statement",
        DecisionReason.NoStatement => "no statement allows it",
        DecisionReason.Narrowed => "not within the limits of this credential",
        DecisionReason.OtherAccount => "the resource belongs to another account, and not both sides allow it",
        DecisionReason.CallerGone => "the caller was removed or disabled",
        _ => throw new InvalidOperationException($"Reason {Reason} has no text."),
    }) + (Policy is null ? "" : $" ({Policy}{(Sid is null ? "" : ": " + Sid)})");
}
