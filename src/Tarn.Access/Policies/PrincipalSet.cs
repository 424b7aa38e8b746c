namespace Tarn.Access.Policies;

/// <summary>
/// The <c>Principal</c> or <c>NotPrincipal</c> of a statement. Accounts (12 digits or <c>arn:aws:iam::ACCOUNT:root</c>), ARNs of users, roles
/// and sessions, and canonical ids; wildcards only as <c>*</c> for everybody, as AWS has it.
/// </summary>
/// <param name="IsNot">Whether it names those whom the statement is not about.</param>
/// <param name="IsEveryone">Whether <c>*</c> is among them.</param>
/// <param name="Accounts">12 digits each.</param>
/// <param name="Arns">ARNs of identities, compared exactly.</param>
/// <param name="CanonicalIds">64 hexadecimal digits each, lower case.</param>
internal sealed record PrincipalSet(bool IsNot, bool IsEveryone, IReadOnlySet<string> Accounts, IReadOnlySet<string> Arns, IReadOnlySet<string> CanonicalIds)
{
    /// <summary>How the statement fits a caller; null is anonymous.</summary>
    public PrincipalMatch Match(PolicyPrincipal? caller)
    {
        var listed = MatchListed(caller);
        if (!IsNot)
            return listed;
        // An account in a NotPrincipal spares its root alone: its users are spared one by one, as AWS documents it.
        return listed is PrincipalMatch.None or PrincipalMatch.Account ? PrincipalMatch.Everyone : PrincipalMatch.None;
    }

    private PrincipalMatch MatchListed(PolicyPrincipal? caller)
    {
        if (caller is null)
            return IsEveryone ? PrincipalMatch.Everyone : PrincipalMatch.None;
        if (caller.RoleArn is not null && Arns.Contains(caller.Arn))
            return PrincipalMatch.Session;
        if (Arns.Contains(caller.Arn) || CanonicalIds.Contains(caller.CanonicalId) || (caller.RoleArn is { } role && Arns.Contains(role)))
            return PrincipalMatch.Identity;
        if (IsEveryone)
            return PrincipalMatch.Everyone;
        if (!Accounts.Contains(caller.AccountId))
            return PrincipalMatch.None;
        return caller.Arn == AccountRoot(caller.AccountId) ? PrincipalMatch.Identity : PrincipalMatch.Account;
    }

    private static string AccountRoot(string account) => $"arn:aws:iam::{account}:root";
}
