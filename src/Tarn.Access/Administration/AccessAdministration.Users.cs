using Tarn.Access.Identities;
using Tarn.Access.Secrets;
using Tarn.Access.Store;
using Tarn.Core.Errors;

namespace Tarn.Access.Administration;

/// <summary>A user with what belongs to it.</summary>
/// <param name="User">The user.</param>
/// <param name="KeyCount">How many lasting keys it has.</param>
/// <param name="Groups">Names of its groups.</param>
public sealed record UserSummary(User User, int KeyCount, IReadOnlyList<string> Groups);

/// <summary>A user to be created.</summary>
/// <param name="Name">As <see cref="IdentityNames"/> allows; not <c>root</c>.</param>
/// <param name="DisplayName">Name for people; null for the name.</param>
/// <param name="Policies">Managed or canned policies to attach.</param>
/// <param name="Groups">Groups to join.</param>
/// <param name="AccountId">12 digits of an account of its own; null for the installation's.</param>
public sealed record NewUser(string Name, string? DisplayName = null, IReadOnlyList<string>? Policies = null, IReadOnlyList<string>? Groups = null, string? AccountId = null);

public sealed partial class AccessAdministration
{
    /// <summary>All users by name.</summary>
    public async ValueTask<IReadOnlyList<UserSummary>> ListUsersAsync(CancellationToken cancellationToken = default)
    {
        var state = await _states.ReadAsync(cancellationToken).ConfigureAwait(false);
        var keys = state.Keys.CountBy(k => k.User).ToDictionary();
        return [.. state.Users.Select(u => new UserSummary(u, keys.GetValueOrDefault(u.Name), [.. state.GroupsOf(u.Name).Select(g => g.Name)]))];
    }

    /// <summary>Creates a user without keys.</summary>
    /// <exception cref="TarnException">InvalidRequest for an impossible name, AlreadyExists, NotFound for a policy or group.</exception>
    public async ValueTask<User> CreateUserAsync(NewUser wanted, CancellationToken cancellationToken = default)
    {
        IdentityNames.Require(wanted.Name, "User");
        if (wanted.AccountId is { } account)
            IdentityNames.RequireAccount(account);
        User? user = null;
        await ChangeAsync("iam:CreateUser", wanted.Name, state =>
        {
            if (wanted.Name == User.RootName || state.FindUser(wanted.Name) is not null)
                throw TarnException.AlreadyExists($"User '{wanted.Name}' exists already.");
            RequirePolicies(state, wanted.Policies ?? []);
            user = new User
            {
                Name = wanted.Name,
                CanonicalId = IdentityDraw.CanonicalId(_options.Random),
                AccountId = wanted.AccountId ?? RequireAccount(state).Id,
                DisplayName = wanted.DisplayName,
                Created = Now,
                Policies = [.. (wanted.Policies ?? []).Distinct().Order(StringComparer.Ordinal)],
            };
            return [AccessDocuments.Put(user), .. (wanted.Groups ?? []).Distinct().Select(g => AccessDocuments.Put(WithMember(RequireGroup(state, g), wanted.Name)))];
        }, cancellationToken).ConfigureAwait(false);
        return user!;
    }

    /// <summary>Removes a user with its keys and memberships. Its temporary credentials end with it.</summary>
    /// <exception cref="TarnException">NotFound; InvalidRequest for root.</exception>
    public ValueTask DeleteUserAsync(string name, CancellationToken cancellationToken = default) => ChangeAsync("iam:DeleteUser", name, state =>
    {
        RequireNotRoot(RequireUser(state, name), "removed");
        return
        [
            AccessDocuments.Remove(AccessDocuments.UserKind, name),
            .. state.Keys.Where(k => k.User == name).Select(k => AccessDocuments.Remove(AccessDocuments.KeyKind, k.Id)),
            .. state.GroupsOf(name).Select(g => AccessDocuments.Put(g with { Members = [.. g.Members.Where(m => m != name)] })),
        ];
    }, cancellationToken);

    /// <summary>Makes all keys of a user stop working, or work again.</summary>
    /// <exception cref="TarnException">NotFound; InvalidRequest for root.</exception>
    public ValueTask SetUserDisabledAsync(string name, bool isDisabled, CancellationToken cancellationToken = default) =>
        ChangeAsync(isDisabled ? "iam:DisableUser" : "iam:EnableUser", name, state =>
        {
            var user = RequireUser(state, name);
            RequireNotRoot(user, "disabled");
            return [AccessDocuments.Put(user with { IsDisabled = isDisabled })];
        }, cancellationToken);

    /// <summary>Sets or takes away the password of a user; only a salted hash of it is kept.</summary>
    /// <exception cref="TarnException">NotFound; InvalidRequest for a password that is too short or too long.</exception>
    public ValueTask SetPasswordAsync(string name, string? password, CancellationToken cancellationToken = default)
    {
        if (password is { Length: < PasswordVerifier.MinChars or > PasswordVerifier.MaxChars })
            throw TarnException.Invalid($"The password has {password.Length} characters; {PasswordVerifier.MinChars} to {PasswordVerifier.MaxChars} are allowed.");
        string? verifier = password is null ? null : PasswordVerifier.Create(password, _options.Random).ToString();
        return ChangeAsync("iam:UpdateLoginProfile", name, state =>
        {
            var user = RequireUser(state, name);
            return [AccessDocuments.Put(user with { Password = verifier is null ? null : _vault.Seal(SecretPurpose.OfPassword(user.CanonicalId), verifier) })];
        }, cancellationToken);
    }

    /// <summary>Ends all temporary credentials of a user or role that were issued until now.</summary>
    /// <exception cref="TarnException">NotFound; InvalidRequest for a group, which holds no sessions.</exception>
    public ValueTask RevokeSessionsAsync(PolicyHolder holder, CancellationToken cancellationToken = default) =>
        ChangeAsync("sts:RevokeSessions", holder.ToString(), state => holder.Kind switch
        {
            PolicyHolderKind.User => [AccessDocuments.Put(RequireUser(state, holder.Name) with { SessionsValidFrom = Now })],
            PolicyHolderKind.Role => [AccessDocuments.Put(RequireRole(state, holder.Name) with { SessionsValidFrom = Now })],
            _ => throw TarnException.Invalid($"{holder} has no sessions; name a user or a role."),
        }, cancellationToken);

    private static void RequireNotRoot(User user, string what)
    {
        if (user.IsRoot)
            throw TarnException.Invalid($"Root cannot be {what}; 'tarn user reset root' gives it a new key.");
    }
}
