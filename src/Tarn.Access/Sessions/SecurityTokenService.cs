using System.Net;
using Tarn.Access.Identities;
using Tarn.Access.Policies;
using Tarn.Access.Store;
using Tarn.Core.Errors;

namespace Tarn.Access.Sessions;

/// <summary>Where a request for temporary credentials came from, for the audit trail and for conditions.</summary>
/// <param name="Source">Address; null when unknown.</param>
/// <param name="RequestId">The id that the protocol gives the request.</param>
public sealed record TokenRequestOrigin(IPAddress? Source, string RequestId);

/// <summary>A request of <c>AssumeRole</c>.</summary>
/// <param name="RoleArn"><c>arn:aws:iam::ACCOUNT:role/NAME</c>.</param>
/// <param name="SessionName">2 to 64 characters of <c>\w+=,.@-</c>.</param>
/// <param name="Duration">15 minutes to the role's longest session; null for an hour.</param>
/// <param name="Policy">Session policy that narrows the role, at most 2,048 characters; null for none.</param>
/// <param name="PolicyArns">Managed policies that narrow it, <c>arn:aws:iam::ACCOUNT:policy/NAME</c>, at most 10.</param>
public sealed record AssumeRoleRequest(string RoleArn, string SessionName, TimeSpan? Duration = null, string? Policy = null, IReadOnlyList<string>? PolicyArns = null);

/// <summary>A temporary credential.</summary>
/// <param name="AccessKeyId">The public half.</param>
/// <param name="SecretAccessKey">The secret half; it is nowhere else.</param>
/// <param name="SessionToken">To be sent with every request.</param>
/// <param name="Expiration">Until when, UTC.</param>
/// <param name="Arn">Whom it acts as.</param>
/// <param name="UserId">The <c>aws:userid</c> of the session.</param>
public sealed record TemporaryCredential(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expiration, string Arn, string UserId)
{
    /// <summary>Without secret and token, so that they cannot slip into a log.</summary>
    public override string ToString() => $"{AccessKeyId} of {Arn} until {Expiration:u}";
}

/// <summary>
/// Issues temporary credentials as AWS's Security Token Service does. They carry all that is needed to check them, so that nothing is stored;
/// they end with their time, with the key that asked for them, or when an administrator revokes the sessions of their user or role.
/// </summary>
public sealed partial class SecurityTokenService
{
    /// <summary>The shortest session.</summary>
    public static readonly TimeSpan MinDuration = TimeSpan.FromMinutes(15);

    /// <summary>The longest session of a role that allows it.</summary>
    public static readonly TimeSpan MaxRoleDuration = TimeSpan.FromHours(12);

    /// <summary>The longest session of <see cref="GetSessionTokenAsync"/>, and how long it lasts by default; for root both are an hour.</summary>
    public static readonly TimeSpan MaxTokenDuration = TimeSpan.FromHours(36), DefaultTokenDuration = TimeSpan.FromHours(12);

    /// <summary>Most characters of a session policy.</summary>
    public const int MaxPolicyChars = 2_048;

    /// <summary>Most managed policies of a session.</summary>
    public const int MaxPolicies = 10;

    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    private readonly AccessStates _states;
    private readonly AccessKeyFinder _keys;
    private readonly IAccessControl _control;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;

    internal SecurityTokenService(AccessStates states, AccessKeyFinder keys, IAccessControl control, TimeProvider time, IRandomSource random) =>
        (_states, _keys, _control, _time, _random) = (states, keys, control, time, random);

    /// <summary>A session of a role, for whoever its trust policy admits.</summary>
    /// <exception cref="TarnException">InvalidRequest for a malformed request; PermissionDenied when there is no such role or the caller may not assume it.</exception>
    public async ValueTask<TemporaryCredential> AssumeRoleAsync(Caller caller, AssumeRoleRequest request, TokenRequestOrigin origin, CancellationToken cancellationToken = default)
    {
        // 1. What can be said without looking at identities.
        IdentityNames.Require(request.SessionName, "Session");
        if (request.SessionName.Length < 2)
            throw TarnException.Invalid($"Session '{request.SessionName}' is too short; a session name has at least 2 characters.");
        RequirePolicies(request);
        // 2. The role must trust the caller, and the caller must be allowed to ask.
        var state = await _states.ReadAsync(cancellationToken).ConfigureAwait(false);
        var role = FindRole(state, request.RoleArn);
        var decision = await _control.AuthorizeAsync(
            new AccessRequest
            {
                Caller = caller,
                Action = "sts:AssumeRole",
                Resource = request.RoleArn,
                ResourcePolicies = role is null ? [] : [state.Parse(role.TrustPolicy, PolicyKind.Trust)],
                NeedsResourcePolicy = true,
                ResourceOwner = role?.CanonicalId,
                Conditions = new ConditionValues().Set("sts:RoleSessionName", request.SessionName),
                Source = origin.Source,
                RequestId = origin.RequestId,
            },
            cancellationToken).ConfigureAwait(false);
        if (!decision.IsAllowed || role is null)
            throw new TarnException(ErrorKind.PermissionDenied, $"{caller.Arn} is not authorized to perform sts:AssumeRole on {request.RoleArn}.");
        // 3. How long; a session that was itself assumed hands on an hour at most, as in AWS.
        var most = caller.Kind == CallerKind.AssumedRole && role.MaxSession > OneHour ? OneHour : role.MaxSession;
        var duration = RequireDuration(request.Duration ?? OneHour, most);
        return Issue(state, caller, role.CanonicalId, new Terms(request.SessionName, request.Policy, PolicyNames(request)), duration);
    }

    /// <summary>A session of the caller itself.</summary>
    /// <param name="caller">Must act with a lasting key.</param>
    /// <param name="duration">15 minutes to 36 hours; null for 12 hours. Root's last an hour at most.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">InvalidRequest for an impossible duration; PermissionDenied for a caller that is a session itself.</exception>
    public async ValueTask<TemporaryCredential> GetSessionTokenAsync(Caller caller, TimeSpan? duration = null, CancellationToken cancellationToken = default)
    {
        if (caller.SessionIssued is not null)
            throw new TarnException(ErrorKind.PermissionDenied, "GetSessionToken cannot be called with session credentials; use the lasting key.");
        bool isRoot = caller.Kind == CallerKind.Root;
        var most = isRoot ? OneHour : MaxTokenDuration;
        var wanted = duration ?? (isRoot ? OneHour : DefaultTokenDuration);
        var state = await _states.ReadAsync(cancellationToken).ConfigureAwait(false);
        return Issue(state, caller, caller.CanonicalId, new Terms(), RequireDuration(wanted, most));
    }

    private TemporaryCredential Issue(AccessState state, Caller caller, string canonicalId, Terms terms, TimeSpan duration)
    {
        var account = state.Account ?? throw TarnException.Corrupted("The installation has no account yet; start the server once.");
        var issued = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
        var session = new SessionToken(
            IdentityDraw.AccessKeyId(_random, IdentityDraw.TemporaryPrefix),
            IdentityDraw.Secret(_random),
            canonicalId,
            terms.SessionName,
            issued,
            issued + duration,
            caller.SessionIssued is null && caller.AccessKeyId.Length > 0 ? caller.AccessKeyId : terms.ParentKeyId,
            terms.Policy,
            terms.PolicyNames ?? [],
            terms.Delegation?.Service,
            terms.Delegation?.Policy,
            terms.Delegation?.Subject,
            terms.Delegation is null ? null : caller.SessionIssued);
        string token = session.Seal(_keys.SessionKeyOf(account), _random);
        var acting = _keys.Find(state, session.AccessKeyId, token).Credential?.Caller
            ?? throw new TarnException(ErrorKind.PermissionDenied, $"{caller.Arn} cannot hold sessions any more.");
        return new TemporaryCredential(session.AccessKeyId, session.Secret, token, session.Expires, acting.Arn, acting.UserId);
    }

    private static IReadOnlyList<string> PolicyNames(AssumeRoleRequest request) => [.. (request.PolicyArns ?? []).Select(a => a[(a.IndexOf('/', StringComparison.Ordinal) + 1)..])];

    private static Role? FindRole(AccessState state, string arn)
    {
        int slash = arn.LastIndexOf('/');
        return slash > 0 && state.FindRole(arn[(slash + 1)..]) is { } role && role.Arn == arn ? role : null;
    }

    private static void RequirePolicies(AssumeRoleRequest request)
    {
        if (request.Policy is { } policy)
        {
            if (policy.Length > MaxPolicyChars)
                throw TarnException.Invalid($"The session policy has {policy.Length} characters; at most {MaxPolicyChars} are allowed.");
            PolicyDocument.Parse(policy, PolicyKind.Identity);
        }

        var arns = request.PolicyArns ?? [];
        if (arns.Count > MaxPolicies)
            throw TarnException.Invalid($"The session names {arns.Count} policies; at most {MaxPolicies} are allowed.");
        if (arns.FirstOrDefault(a => !a.Contains(":policy/", StringComparison.Ordinal)) is { } wrong)
            throw TarnException.Invalid($"'{wrong}' is not the ARN of a policy, arn:aws:iam::ACCOUNT:policy/NAME.");
    }

    private static TimeSpan RequireDuration(TimeSpan duration, TimeSpan most) => duration >= MinDuration && duration <= most
        ? duration
        : throw TarnException.Invalid($"A session of {duration.TotalSeconds:F0} seconds is not possible here; {MinDuration.TotalSeconds:F0} to {most.TotalSeconds:F0} are.");

    /// <summary>What a session is issued for.</summary>
    private sealed record Terms(
        string? SessionName = null, string? Policy = null, IReadOnlyList<string>? PolicyNames = null, DelegationRequest? Delegation = null, string? ParentKeyId = null);
}
