using System.Net;
using Tarn.Access.Policies;

namespace Tarn.Access;

/// <summary>One action that somebody wants to do to one resource.</summary>
public sealed record AccessRequest
{
    /// <summary>Who; null for anonymous, who may do only what a resource policy allows.</summary>
    public Caller? Caller { get; init; }

    /// <summary>What, in the words of policies: <c>s3:GetObject</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The resource's ARN: <c>arn:aws:s3:::bucket/key</c>; <c>*</c> for actions without one.</summary>
    public required string Resource { get; init; }

    /// <summary>
    /// The ARN of what the resource is a copy of, whose denials hold for the copy too, as those of a table for its branches; null when it is none. A denial of
    /// everything but some resources (<c>NotResource</c>) is about the resource itself alone.
    /// </summary>
    public string? Origin { get; init; }

    /// <summary>
    /// What conditions may ask about, except what follows from the caller, the source and the time
    /// (<c>aws:username</c>, <c>aws:userid</c>, <c>aws:PrincipalArn</c>, <c>aws:SourceIp</c>, <c>aws:CurrentTime</c> …), which is added.
    /// </summary>
    public ConditionValues Conditions { get; init; } = ConditionValues.Empty;

    /// <summary>Policies of the resource (bucket policy, what a canned ACL means); empty when it has none.</summary>
    public IReadOnlyList<PolicyDocument> ResourcePolicies { get; init; } = [];

    /// <summary>
    /// Canonical id of the resource's owner; null when nobody owns it yet. An owner of another account than the caller's must allow the
    /// caller by a resource policy, as between accounts of AWS.
    /// </summary>
    public string? ResourceOwner { get; init; }

    /// <summary>Where the request came from; null when unknown.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The id that the protocol gives the request, for the audit trail.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>
    /// What the caller asked for when another action decides about it, as <c>s3:ListBucket</c> does about an object that is not there; null otherwise. The
    /// audit event names this action and resource, and its reason those that decided.
    /// </summary>
    public (string Action, string Resource)? AskedFor { get; init; }

    /// <summary>Whether a resource policy must allow it, whatever the caller's own policies say: a role is entered only through its trust policy.</summary>
    internal bool NeedsResourcePolicy { get; init; }
}

/// <summary>Somebody tried to prove who they are.</summary>
/// <param name="AccessKeyId">The key or user name that was named; null when none could be read.</param>
/// <param name="IsAuthentic">Whether the proof was right.</param>
/// <param name="Source">Where from; null when unknown.</param>
/// <param name="Reason">Why it failed, for the audit trail: <c>SignatureDoesNotMatch</c>; empty on success. Never a secret or signature.</param>
/// <param name="RequestId">The id that the protocol gives the request.</param>
public sealed record AuthenticationAttempt(string? AccessKeyId, bool IsAuthentic, IPAddress? Source, string Reason = "", string RequestId = "");
