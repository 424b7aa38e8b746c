using Tarn.Access.Identities;
using Tarn.Access.Policies;
using Tarn.Access.Store;

namespace Tarn.Access.Decisions;

/// <summary>
/// Combines policies of all kinds into one decision, as "Policy evaluation logic" of the IAM user guide describes: a denial anywhere wins;
/// within an account the policies of the identity and of the resource add up, between accounts both must allow; what narrows a credential
/// must allow too. Anonymous callers have the policies of the resource alone.
/// </summary>
internal static class AccessEvaluation
{
    // Root can always take back a bucket policy that shuts everybody out, as in AWS.
    private static readonly string[] NeverDeniedToRoot = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

    /// <summary>Decides.</summary>
    /// <param name="state">The identities.</param>
    /// <param name="request">Who wants what.</param>
    /// <param name="values">All condition values, those that follow from the caller included.</param>
    public static AccessDecision Decide(AccessState state, AccessRequest request, ConditionValues values)
    {
        var resource = new Answers(request.ResourcePolicies.Select(p => ("resource policy", p)), request, values);
        if (request.Caller is not { } caller)
            return resource.Denial ?? (resource.Allowed is { } toAll ? Allow(DecisionReason.ResourcePolicy, toAll) : Deny(DecisionReason.NoStatement));
        if (!TryFindPolicies(state, caller, out var own))
            return Deny(DecisionReason.CallerGone);

        var identity = new Answers(own, request, values);
        var narrowing = caller.Narrowing.Select(n => (n.IsSession, Answer: new Answers([(n.Name, n.Policy)], request, values))).ToList();
        if ((identity.Denial ?? narrowing.Select(n => n.Answer.Denial).FirstOrDefault(d => d is not null)) is { } denial)
            return denial;
        if (request.NeedsResourcePolicy && resource.Allowed is null && resource.Denial is null)
            return Deny(DecisionReason.NoStatement);
        bool isRoot = caller.Kind == CallerKind.Root;
        if (resource.Denial is { } byResource && !(isRoot && NeverDeniedToRoot.Contains(request.Action, StringComparer.OrdinalIgnoreCase)))
            return byResource;

        var granted = isRoot ? Allow(DecisionReason.Root, default)
            : IsOtherAccount(state, caller, request.ResourceOwner) ? BetweenAccounts(identity, resource)
            : WithinAccount(identity, resource);
        bool isLimited = granted.IsAllowed && narrowing.Exists(n => n.Answer.Allowed is null && !(n.IsSession && resource.Match == PrincipalMatch.Session));
        return isLimited ? Deny(DecisionReason.Narrowed) : granted;
    }

    /// <summary>Whether decisions about a caller may change by the clock alone.</summary>
    public static bool AskForTime(AccessState state, Caller caller) =>
        TryFindPolicies(state, caller, out var own) && own.Select(o => o.Policy).Concat(caller.Narrowing.Select(n => n.Policy)).SelectMany(p => p.Statements).Any(s => s.AsksForTime);

    private static AccessDecision WithinAccount(Answers identity, Answers resource)
    {
        if (identity.Allowed is { } own)
            return Allow(DecisionReason.IdentityPolicy, own);
        // What is allowed to the account is for the account to hand on, by policies of its identities.
        return resource.Allowed is { } given && resource.Match > PrincipalMatch.Account ? Allow(DecisionReason.ResourcePolicy, given) : Deny(DecisionReason.NoStatement);
    }

    private static AccessDecision BetweenAccounts(Answers identity, Answers resource) =>
        identity.Allowed is not null && resource.Allowed is { } given ? Allow(DecisionReason.ResourcePolicy, given) : Deny(DecisionReason.OtherAccount);

    // Root has no policies and needs none. What nobody owns (any more) counts as the installation's own.
    private static bool TryFindPolicies(AccessState state, Caller caller, out IEnumerable<(string Name, PolicyDocument Policy)> policies)
    {
        policies = state.FindByCanonicalId(caller.CanonicalId) switch
        {
            User { IsDisabled: false } or Role when caller.Grant is { } grant => [($"grant of the {caller.Name}", grant)],
            User { IsDisabled: false, IsRoot: true } => [],
            User { IsDisabled: false } user => state.PoliciesOf(user),
            Role role => state.PoliciesOf(role),
            _ => null!,
        };
        return policies is not null;
    }

    private static bool IsOtherAccount(AccessState state, Caller caller, string? owner)
    {
        if (owner is null || owner == caller.CanonicalId)
            return false;
        string? account = state.FindByCanonicalId(owner) switch
        {
            User user => user.AccountId,
            Role role => role.AccountId,
            _ => state.Account?.Id,
        };
        return account != caller.AccountId;
    }

    private static AccessDecision Allow(DecisionReason reason, (string? Policy, PolicyStatement? Statement) by) => new(true, reason, by.Policy, by.Statement?.Sid);

    private static AccessDecision Deny(DecisionReason reason) => new(false, reason);

    /// <summary>What some policies of one kind say together.</summary>
    private readonly struct Answers
    {
        public Answers(IEnumerable<(string Name, PolicyDocument Policy)> policies, AccessRequest request, ConditionValues values)
        {
            var principal = request.Caller is { } caller ? PolicyPrincipal.Of(caller) : null;
            foreach (var (name, policy) in policies)
            {
                var answer = PolicyEvaluator.Evaluate(policy, principal, request.Action, request.Resource, values, request.Origin);
                if (answer.Verdict == PolicyVerdict.Denied)
                    Denial ??= new AccessDecision(false, DecisionReason.ExplicitDeny, name, answer.Statement?.Sid);
                if (answer.Verdict == PolicyVerdict.Allowed && answer.Principal > Match)
                    (Allowed, Match) = ((name, answer.Statement), answer.Principal);
            }
        }

        public AccessDecision? Denial { get; }

        public (string? Policy, PolicyStatement? Statement)? Allowed { get; }

        public PrincipalMatch Match { get; }
    }
}
