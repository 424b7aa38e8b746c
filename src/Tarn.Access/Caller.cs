using Tarn.Access.Policies;

namespace Tarn.Access;

/// <summary>What kind of identity acts.</summary>
public enum CallerKind
{
    /// <summary>The root of the installation: everything is allowed but what a resource policy denies.</summary>
    Root,

    /// <summary>A user, with a key of its own, a service account or a session of it.</summary>
    User,

    /// <summary>A role that somebody assumed.</summary>
    AssumedRole,
}

/// <summary>An identity that has proved itself, by whatever protocol. What it may do is looked up afresh for each decision.</summary>
public sealed record Caller
{
    /// <summary>Kind of identity.</summary>
    public required CallerKind Kind { get; init; }

    /// <summary>Name of the user or role.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>arn:aws:iam::ACCOUNT:user/NAME</c>, <c>arn:aws:iam::ACCOUNT:root</c>, or <c>arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION</c>.
    /// </summary>
    public required string Arn { get; init; }

    /// <summary>64 hexadecimal digits that never change and never come back for another identity.</summary>
    public required string CanonicalId { get; init; }

    /// <summary>Name for people; the name of the identity unless another was given.</summary>
    public required string DisplayName { get; init; }

    /// <summary>12 digits.</summary>
    public required string AccountId { get; init; }

    /// <summary>The key it acts with; empty when it came with a password.</summary>
    public string AccessKeyId { get; init; } = "";

    /// <summary>Name of the session of an assumed role; null otherwise.</summary>
    public string? SessionName { get; init; }

    /// <summary>When a temporary credential was issued; null for lasting ones.</summary>
    public DateTimeOffset? SessionIssued { get; init; }

    /// <summary>When a temporary credential ends; null for lasting ones.</summary>
    public DateTimeOffset? SessionExpires { get; init; }

    /// <summary>ARN of the role behind an assumed-role session; null otherwise.</summary>
    public string? RoleArn => Kind == CallerKind.AssumedRole ? $"arn:aws:iam::{AccountId}:role/{Name}" : null;

    /// <summary>The <c>aws:userid</c> of policies: the beginning of the canonical id, and the session's name for a role.</summary>
    public string UserId => SessionName is null ? CanonicalId[..20].ToUpperInvariant() : $"{CanonicalId[..20].ToUpperInvariant()}:{SessionName}";

    /// <summary>What a service of the installation grants this credential in the place of all policies of its holder; null for all others.</summary>
    internal PolicyDocument? Grant { get; init; }

    /// <summary>Whether it acts with what a service granted, see <see cref="Sessions.SecurityTokenService.DelegateAsync"/>.</summary>
    public bool IsGranted => Grant is not null;

    /// <summary>What the service granted it for, in the service's own words; null for other credentials.</summary>
    public string? GrantSubject { get; init; }

    /// <summary>Who was granted it, as they were when they asked, and with what narrowed them; null for other credentials.</summary>
    public Caller? Holder { get; init; }

    /// <summary>The lasting key that stands behind a temporary one; null when there is none.</summary>
    internal string? ParentKeyId { get; init; }

    /// <summary>The session policy that came with a temporary credential, as it was given; null when there is none.</summary>
    internal string? SessionPolicy { get; init; }

    /// <summary>Names of the managed policies that came with a temporary credential; empty for most.</summary>
    internal IReadOnlyList<string> SessionPolicyNames { get; init; } = [];

    /// <summary>Policies that narrow this credential: all of them must allow as well. Empty for most.</summary>
    internal IReadOnlyList<NarrowingPolicy> Narrowing { get; init; } = [];
}

/// <summary>A policy that takes away from what its owner may do.</summary>
/// <param name="Name">For reasons: <c>session policy</c>, <c>policy of key …</c>.</param>
/// <param name="Policy">The policy.</param>
/// <param name="IsSession">A session policy, which a resource policy that names the session outranks.</param>
internal sealed record NarrowingPolicy(string Name, PolicyDocument Policy, bool IsSession);

/// <summary>The owner of a resource, as protocols show it.</summary>
/// <param name="CanonicalId">64 hexadecimal digits.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="AccountId">12 digits.</param>
public sealed record AccessOwner(string CanonicalId, string DisplayName, string Arn, string AccountId);
