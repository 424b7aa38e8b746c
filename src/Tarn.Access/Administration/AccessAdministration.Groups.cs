using Tarn.Access.Identities;
using Tarn.Access.Store;
using Tarn.Core.Errors;

namespace Tarn.Access.Administration;

public sealed partial class AccessAdministration
{
    /// <summary>All groups by name.</summary>
    public async ValueTask<IReadOnlyList<Group>> ListGroupsAsync(CancellationToken cancellationToken = default) =>
        [.. (await _states.ReadAsync(cancellationToken).ConfigureAwait(false)).Groups];

    /// <summary>Creates a group without members.</summary>
    /// <exception cref="TarnException">InvalidRequest for an impossible name, AlreadyExists, NotFound for a policy.</exception>
    public ValueTask CreateGroupAsync(string name, IReadOnlyList<string> policies, CancellationToken cancellationToken = default)
    {
        IdentityNames.Require(name, "Group", IdentityNames.MaxGroupChars);
        return ChangeAsync("iam:CreateGroup", name, state =>
        {
            if (state.FindGroup(name) is not null)
                throw TarnException.AlreadyExists($"Group '{name}' exists already.");
            RequirePolicies(state, policies);
            return [AccessDocuments.Put(new Group { Name = name, Policies = [.. policies.Distinct().Order(StringComparer.Ordinal)], Created = Now })];
        }, cancellationToken);
    }

    /// <summary>Removes a group; its users stay, without its policies.</summary>
    /// <exception cref="TarnException">NotFound.</exception>
    public ValueTask DeleteGroupAsync(string name, CancellationToken cancellationToken = default) => ChangeAsync("iam:DeleteGroup", name, state =>
    {
        RequireGroup(state, name);
        return [AccessDocuments.Remove(AccessDocuments.GroupKind, name)];
    }, cancellationToken);

    /// <summary>Adds users to a group; those who are in it stay.</summary>
    /// <exception cref="TarnException">NotFound for the group or a user; InvalidRequest for root, which needs no policies.</exception>
    public ValueTask AddMembersAsync(string group, IReadOnlyList<string> users, CancellationToken cancellationToken = default) =>
        ChangeAsync("iam:AddUserToGroup", group, state =>
        {
            foreach (string user in users)
                RequireNotRoot(RequireUser(state, user), "put into groups");
            return [AccessDocuments.Put(users.Aggregate(RequireGroup(state, group), WithMember))];
        }, cancellationToken);

    /// <summary>Takes users out of a group.</summary>
    /// <exception cref="TarnException">NotFound for the group, or for a user who is not in it.</exception>
    public ValueTask RemoveMembersAsync(string group, IReadOnlyList<string> users, CancellationToken cancellationToken = default) =>
        ChangeAsync("iam:RemoveUserFromGroup", group, state =>
        {
            var present = RequireGroup(state, group);
            if (users.FirstOrDefault(u => !present.Members.Contains(u)) is { } stranger)
                throw TarnException.NotFound($"User '{stranger}' is not in group '{group}'.");
            return [AccessDocuments.Put(present with { Members = [.. present.Members.Except(users)] })];
        }, cancellationToken);

    private static Group WithMember(Group group, string user) =>
        group with { Members = [.. group.Members.Append(user).Distinct().Order(StringComparer.Ordinal)] };
}
