using Tarn.Access.Decisions;
using Tarn.Access.Identities;
using Tarn.Access.Policies;
using Tarn.Access.Sessions;
using Tarn.Access.Store;
using Tarn.Core.Errors;

namespace Tarn.Access.Administration;

/// <summary>A policy that can be attached.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Document">Its JSON.</param>
/// <param name="IsCanned">Whether it is built in.</param>
/// <param name="Description">What it is for; null for one of the operator's own.</param>
/// <param name="Holders">To whom it is attached.</param>
public sealed record PolicySummary(string Name, string Document, bool IsCanned, string? Description, IReadOnlyList<PolicyHolder> Holders);

public sealed partial class AccessAdministration
{
    /// <summary>Canned and managed policies by name.</summary>
    public async ValueTask<IReadOnlyList<PolicySummary>> ListPoliciesAsync(CancellationToken cancellationToken = default)
    {
        var state = await _states.ReadAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. CannedPolicies.All.Values.Select(p => new PolicySummary(p.Name, p.Document.Text, true, p.Description, HoldersOf(state, p.Name)))
                .Concat(state.Policies.Select(p => new PolicySummary(p.Name, p.Document, false, null, HoldersOf(state, p.Name))))
                .OrderBy(p => p.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Creates a managed policy or replaces what it says, for all who have it.</summary>
    /// <exception cref="TarnException">InvalidRequest for the name or the policy; AlreadyExists for the name of a canned policy.</exception>
    public ValueTask PutPolicyAsync(string name, string document, CancellationToken cancellationToken = default)
    {
        IdentityNames.Require(name, "Policy", IdentityNames.MaxGroupChars);
        PolicyDocument.Parse(document, PolicyKind.Identity);
        if (CannedPolicies.All.ContainsKey(name))
            throw TarnException.AlreadyExists($"Policy '{name}' is built in and cannot be changed; choose another name.");
        return ChangeAsync("iam:PutPolicy", name, state =>
            [AccessDocuments.Put(new ManagedPolicy { Name = name, Document = document, Created = state.FindPolicy(name)?.Created ?? Now, Changed = Now })], cancellationToken);
    }

    /// <summary>Removes a managed policy that nobody has.</summary>
    /// <exception cref="TarnException">NotFound; InvalidRequest for a canned policy or one that is attached.</exception>
    public ValueTask DeletePolicyAsync(string name, CancellationToken cancellationToken = default) => ChangeAsync("iam:DeletePolicy", name, state =>
    {
        if (CannedPolicies.All.ContainsKey(name))
            throw TarnException.Invalid($"Policy '{name}' is built in and cannot be removed.");
        RequirePolicies(state, [name]);
        var holders = HoldersOf(state, name);
        return holders.Count == 0
            ? [AccessDocuments.Remove(AccessDocuments.PolicyKind, name)]
            : throw TarnException.Invalid($"Policy '{name}' is attached to {string.Join(", ", holders)}; detach it first.");
    }, cancellationToken);

    /// <summary>Attaches a canned or managed policy; attaching it twice is no error.</summary>
    /// <exception cref="TarnException">NotFound for the policy or the holder; InvalidRequest for root.</exception>
    public ValueTask AttachPolicyAsync(PolicyHolder holder, string policy, CancellationToken cancellationToken = default) =>
        ChangeAsync("iam:AttachPolicy", $"{holder} {policy}", state =>
        {
            RequirePolicies(state, [policy]);
            return [WithPolicies(state, holder, present => [.. present.Append(policy).Distinct().Order(StringComparer.Ordinal)])];
        }, cancellationToken);

    /// <summary>Detaches a policy.</summary>
    /// <exception cref="TarnException">NotFound for the holder, or when the policy is not attached to it.</exception>
    public ValueTask DetachPolicyAsync(PolicyHolder holder, string policy, CancellationToken cancellationToken = default) =>
        ChangeAsync("iam:DetachPolicy", $"{holder} {policy}", state =>
            [WithPolicies(state, holder, present => present.Contains(policy)
                ? [.. present.Where(p => p != policy)]
                : throw TarnException.NotFound($"Policy '{policy}' is not attached to {holder}."))], cancellationToken);

    /// <summary>Gives an identity a policy of its own, replaces it, or (null) takes it away.</summary>
    /// <exception cref="TarnException">NotFound for the holder; InvalidRequest for the name or the policy.</exception>
    public ValueTask PutInlinePolicyAsync(PolicyHolder holder, string name, string? document, CancellationToken cancellationToken = default)
    {
        IdentityNames.Require(name, "Policy", IdentityNames.MaxGroupChars);
        if (document is not null)
            PolicyDocument.Parse(document, PolicyKind.Identity);
        return ChangeAsync(document is null ? "iam:DeleteInlinePolicy" : "iam:PutInlinePolicy", $"{holder} {name}", state => [WithInline(state, holder, name, document)], cancellationToken);
    }

    /// <summary>What would be decided, without an event of the audit trail.</summary>
    /// <param name="holder">A user or role; null for anonymous.</param>
    /// <param name="request">What it would do; its caller is set here.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">NotFound for the holder; InvalidRequest for a group.</exception>
    public async ValueTask<AccessDecision> SimulateAsync(PolicyHolder? holder, AccessRequest request, CancellationToken cancellationToken = default)
    {
        var state = await _states.ReadAsync(cancellationToken).ConfigureAwait(false);
        Caller? caller = holder switch
        {
            null => null,
            { Kind: PolicyHolderKind.User } user => AccessKeyFinder.CallerOf(RequireUser(state, user.Name)),
            { Kind: PolicyHolderKind.Role } role => AccessKeyFinder.CallerOf(RequireRole(state, role.Name), "simulation"),
            _ => throw TarnException.Invalid($"{holder} does nothing by itself; name a user or a role."),
        };
        return AccessEvaluation.Decide(state, request with { Caller = caller }, CallerValues.Complete(request.Conditions, caller, request.Source, Now));
    }

    private static AccessRecordChange WithPolicies(AccessState state, PolicyHolder holder, Func<IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        switch (holder.Kind)
        {
            case PolicyHolderKind.User:
                var user = RequireUser(state, holder.Name);
                RequireNotRoot(user, "given policies");
                return AccessDocuments.Put(user with { Policies = change(user.Policies) });
            case PolicyHolderKind.Group:
                var group = RequireGroup(state, holder.Name);
                return AccessDocuments.Put(group with { Policies = change(group.Policies) });
            default:
                var role = RequireRole(state, holder.Name);
                return AccessDocuments.Put(role with { Policies = change(role.Policies) });
        }
    }

    private static AccessRecordChange WithInline(AccessState state, PolicyHolder holder, string name, string? document)
    {
        switch (holder.Kind)
        {
            case PolicyHolderKind.User:
                var user = RequireUser(state, holder.Name);
                RequireNotRoot(user, "given policies");
                return AccessDocuments.Put(user with { InlinePolicies = With(user.InlinePolicies, name, document) });
            case PolicyHolderKind.Group:
                var group = RequireGroup(state, holder.Name);
                return AccessDocuments.Put(group with { InlinePolicies = With(group.InlinePolicies, name, document) });
            default:
                var role = RequireRole(state, holder.Name);
                return AccessDocuments.Put(role with { InlinePolicies = With(role.InlinePolicies, name, document) });
        }
    }

    private static SortedDictionary<string, string> With(IReadOnlyDictionary<string, string> present, string name, string? document)
    {
        var changed = new SortedDictionary<string, string>(present.ToDictionary(), StringComparer.Ordinal);
        if (document is not null)
            changed[name] = document;
        else if (!changed.Remove(name))
            throw TarnException.NotFound($"There is no inline policy '{name}'.");
        return changed;
    }

    private static void RequirePolicies(AccessState state, IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(n => state.FindDocument(n) is null) is { } missing)
            throw TarnException.NotFound($"Policy '{missing}' does not exist; 'tarn policy list' shows those that do.");
    }

    private static IReadOnlyList<PolicyHolder> HoldersOf(AccessState state, string policy) =>
    [
        .. state.Users.Where(u => u.Policies.Contains(policy)).Select(u => new PolicyHolder(PolicyHolderKind.User, u.Name)),
        .. state.Groups.Where(g => g.Policies.Contains(policy)).Select(g => new PolicyHolder(PolicyHolderKind.Group, g.Name)),
        .. state.Roles.Where(r => r.Policies.Contains(policy)).Select(r => new PolicyHolder(PolicyHolderKind.Role, r.Name)),
    ];
}
