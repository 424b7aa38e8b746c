using Tarn.Access.Policies;
using Tarn.Access.Store;

namespace Tarn.Access.Decisions;

/// <summary>Finds principals of a policy that nobody is: what a mistyped name would allow to nobody, and whoever is made later under that name to somebody else.</summary>
internal static class MissingPrincipals
{
    /// <summary>The first ARN of a user, a role or a role's session whose account is of this installation and who does not exist; null when there is none.</summary>
    public static string? Find(AccessState state, PolicyDocument policy)
    {
        var named = policy.Statements.Where(s => s.Principals is not null).SelectMany(s => s.Principals!.Arns).ToList();
        if (named.Count == 0)
            return null;
        var known = state.Users.Select(u => u.Arn).Concat(state.Roles.Select(r => r.Arn)).ToHashSet(StringComparer.Ordinal);
        var accounts = state.Users.Select(u => u.AccountId).Concat(state.Roles.Select(r => r.AccountId)).ToHashSet(StringComparer.Ordinal);
        return named.Find(arn => accounts.Contains(arn.Split(':')[4]) && !known.Contains(RoleOf(arn) ?? arn));
    }

    // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION is a session of arn:aws:iam::ACCOUNT:role/ROLE.
    private static string? RoleOf(string arn) =>
        arn.Split(':', 6) is ["arn", "aws", "sts", "", var account, var session] ? $"arn:aws:iam::{account}:role/{session.Split('/')[1]}" : null;
}
