using Tarn.Access.Identities;
using Tarn.Access.Policies;
using Tarn.Access.Sessions;
using Tarn.Access.Store;
using Tarn.Core.Errors;

namespace Tarn.Access.Administration;

/// <summary>A role to be created or changed.</summary>
/// <param name="Name">As <see cref="IdentityNames"/> allows.</param>
/// <param name="TrustPolicy">Who may assume it; null for every identity of the account whose own policies allow <c>sts:AssumeRole</c>.</param>
/// <param name="Policies">Managed or canned policies to attach.</param>
/// <param name="MaxSession">The longest session, an hour to 12; null for an hour.</param>
public sealed record NewRole(string Name, string? TrustPolicy = null, IReadOnlyList<string>? Policies = null, TimeSpan? MaxSession = null);

public sealed partial class AccessAdministration
{
    /// <summary>All roles by name.</summary>
    public async ValueTask<IReadOnlyList<Role>> ListRolesAsync(CancellationToken cancellationToken = default) =>
        [.. (await _states.ReadAsync(cancellationToken).ConfigureAwait(false)).Roles];

    /// <summary>Creates a role.</summary>
    /// <exception cref="TarnException">InvalidRequest for the name, the trust policy or the session, AlreadyExists, NotFound for a policy.</exception>
    public async ValueTask<Role> CreateRoleAsync(NewRole wanted, CancellationToken cancellationToken = default)
    {
        IdentityNames.Require(wanted.Name, "Role");
        if (wanted.TrustPolicy is { } trust)
            PolicyDocument.Parse(trust, PolicyKind.Trust);
        var longest = wanted.MaxSession ?? Role.DefaultMaxSession;
        if (longest < Role.DefaultMaxSession || longest > SecurityTokenService.MaxRoleDuration)
            throw TarnException.Invalid($"The longest session of a role is 1 to 12 hours, not {longest.TotalHours:0.##}.");
        Role? role = null;
        await ChangeAsync("iam:CreateRole", wanted.Name, state =>
        {
            if (state.FindRole(wanted.Name) is not null)
                throw TarnException.AlreadyExists($"Role '{wanted.Name}' exists already.");
            RequirePolicies(state, wanted.Policies ?? []);
            string account = RequireAccount(state).Id;
            role = new Role
            {
                Name = wanted.Name,
                CanonicalId = IdentityDraw.CanonicalId(_options.Random),
                AccountId = account,
                TrustPolicy = wanted.TrustPolicy ?? TrustOfAccount(account),
                Policies = [.. (wanted.Policies ?? []).Distinct().Order(StringComparer.Ordinal)],
                MaxSession = longest,
                Created = Now,
            };
            return [AccessDocuments.Put(role)];
        }, cancellationToken).ConfigureAwait(false);
        return role!;
    }

    /// <summary>Makes sure that a role exists; one that does stays as it is.</summary>
    /// <exception cref="TarnException">As <see cref="CreateRoleAsync"/>.</exception>
    public async ValueTask EnsureRoleAsync(NewRole wanted, CancellationToken cancellationToken = default)
    {
        if ((await _states.ReadAsync(cancellationToken).ConfigureAwait(false)).FindRole(wanted.Name) is not null)
            return;
        try
        {
            await CreateRoleAsync(wanted, cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.AlreadyExists)
        {
            return; // another server was faster
        }
    }

    /// <summary>Says anew who may assume a role; sessions that exist go on.</summary>
    /// <exception cref="TarnException">NotFound; InvalidRequest for the policy.</exception>
    public ValueTask SetTrustPolicyAsync(string name, string trustPolicy, CancellationToken cancellationToken = default)
    {
        PolicyDocument.Parse(trustPolicy, PolicyKind.Trust);
        return ChangeAsync("iam:UpdateAssumeRolePolicy", name, state => [AccessDocuments.Put(RequireRole(state, name) with { TrustPolicy = trustPolicy })], cancellationToken);
    }

    /// <summary>Removes a role; its sessions end with it.</summary>
    /// <exception cref="TarnException">NotFound.</exception>
    public ValueTask DeleteRoleAsync(string name, CancellationToken cancellationToken = default) => ChangeAsync("iam:DeleteRole", name, state =>
    {
        RequireRole(state, name);
        return [AccessDocuments.Remove(AccessDocuments.RoleKind, name)];
    }, cancellationToken);

    private static string TrustOfAccount(string account) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{account}}:root"},"Action":"sts:AssumeRole"}]}""";
}
