namespace Tarn.Access.Policies;

/// <summary>Whom a resource or trust policy is asked about.</summary>
/// <param name="Arn">ARN of the user, of root, or of the role's session.</param>
/// <param name="AccountId">12 digits.</param>
/// <param name="CanonicalId">64 hexadecimal digits.</param>
/// <param name="RoleArn">ARN of the role behind a session; null otherwise.</param>
public sealed record PolicyPrincipal(string Arn, string AccountId, string CanonicalId, string? RoleArn = null)
{
    /// <summary>The principal of an authenticated caller.</summary>
    public static PolicyPrincipal Of(Caller caller) => new(caller.Arn, caller.AccountId, caller.CanonicalId, caller.RoleArn);
}

/// <summary>How a statement's principals fit a caller, from least to most direct.</summary>
public enum PrincipalMatch
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By its account: the account may hand on what is allowed to it, so the caller's own policies must allow too.</summary>
    Account,

    /// <summary>As anybody: <c>*</c>.</summary>
    Everyone,

    /// <summary>By its own ARN, its role's ARN or its canonical id.</summary>
    Identity,

    /// <summary>By the ARN of its session, which outranks the session's policy.</summary>
    Session,
}
