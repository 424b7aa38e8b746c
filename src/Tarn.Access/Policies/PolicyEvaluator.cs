namespace Tarn.Access.Policies;

/// <summary>What one policy says about a request.</summary>
public enum PolicyVerdict
{
    /// <summary>Nothing.</summary>
    Silent,

    /// <summary>A statement allows, and none denies.</summary>
    Allowed,

    /// <summary>A statement denies.</summary>
    Denied,
}

/// <summary>The answer of one policy.</summary>
/// <param name="Verdict">What it says.</param>
/// <param name="Statement">The statement that decided; null when none did.</param>
/// <param name="Principal">How the caller was meant, the most direct way of all statements that allow; always <see cref="PrincipalMatch.Identity"/> for identity policies.</param>
public readonly record struct PolicyAnswer(PolicyVerdict Verdict, PolicyStatement? Statement, PrincipalMatch Principal);

/// <summary>Asks one policy about one request. Combining policies of several kinds is the work of <see cref="IAccessControl"/>.</summary>
public static class PolicyEvaluator
{
    /// <summary>Evaluates a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="principal">Who asks, for resource and trust policies; null for anonymous. Identity policies do not look at it.</param>
    /// <param name="action">As <see cref="AccessRequest.Action"/>; case is ignored.</param>
    /// <param name="resource">As <see cref="AccessRequest.Resource"/>; trust policies do not look at it.</param>
    /// <param name="values">What conditions and variables see.</param>
    /// <param name="origin">As <see cref="AccessRequest.Origin"/>.</param>
    public static PolicyAnswer Evaluate(PolicyDocument policy, PolicyPrincipal? principal, string action, string resource, ConditionValues values, string? origin = null)
    {
        var best = new PolicyAnswer(PolicyVerdict.Silent, null, PrincipalMatch.None);
        foreach (var statement in policy.Statements)
        {
            var match = statement.Principals?.Match(principal) ?? PrincipalMatch.Identity;
            if (match == PrincipalMatch.None || !(IsAbout(statement, action, resource, values) || (origin is not null && IsDenialOf(statement, action, origin, values))))
                continue;
            if (statement.Effect == PolicyEffect.Deny)
                return new PolicyAnswer(PolicyVerdict.Denied, statement, match);
            if (match > best.Principal)
                best = new PolicyAnswer(PolicyVerdict.Allowed, statement, match);
        }

        return best;
    }

    private static bool IsDenialOf(PolicyStatement statement, string action, string origin, ConditionValues values) =>
        statement is { Effect: PolicyEffect.Deny, IsNotResource: false } && IsAbout(statement, action, origin, values);

    private static bool IsAbout(PolicyStatement statement, string action, string resource, ConditionValues values)
    {
        if (MatchesAction(statement, action) == statement.IsNotAction)
            return false;
        if (statement.ResourcePatterns.Count > 0 && MatchesResource(statement, resource, values) == statement.IsNotResource)
            return false;
        foreach (var condition in statement.Conditions)
        {
            if (!condition.IsMet(values))
                return false;
        }

        return true;
    }

    private static bool MatchesAction(PolicyStatement statement, string action)
    {
        foreach (var pattern in statement.ActionPatterns)
        {
            if (pattern.IsMatch(action))
                return true;
        }

        return false;
    }

    private static bool MatchesResource(PolicyStatement statement, string resource, ConditionValues values)
    {
        foreach (var pattern in statement.ResourcePatterns)
        {
            if (pattern.IsMatch(resource, values))
                return true;
        }

        return false;
    }
}
