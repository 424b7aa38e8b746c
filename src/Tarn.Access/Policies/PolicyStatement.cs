namespace Tarn.Access.Policies;

/// <summary>What a statement does when it matches.</summary>
public enum PolicyEffect
{
    /// <summary>Allows, unless another statement denies.</summary>
    Allow,

    /// <summary>Denies, whatever else allows.</summary>
    Deny,
}

/// <summary>One statement of a policy.</summary>
public sealed class PolicyStatement
{
    internal PolicyStatement()
    {
    }

    /// <summary>Its name; null when it has none.</summary>
    public string? Sid { get; internal init; }

    /// <summary>What it does when it matches.</summary>
    public PolicyEffect Effect { get; internal init; }

    /// <summary>Whom it is about (<c>Principal</c> or <c>NotPrincipal</c>); null in identity policies.</summary>
    internal PrincipalSet? Principals { get; init; }

    /// <summary>The patterns of <c>Action</c> or <c>NotAction</c>, as written.</summary>
    public IReadOnlyList<string> Actions { get; internal init; } = [];

    /// <summary>Whether <see cref="Actions"/> are the ones that it is not about.</summary>
    public bool IsNotAction { get; internal init; }

    /// <summary>The patterns of <c>Resource</c> or <c>NotResource</c>, as written; empty in trust policies.</summary>
    public IReadOnlyList<string> Resources { get; internal init; } = [];

    /// <summary>Whether <see cref="Resources"/> are the ones that it is not about.</summary>
    public bool IsNotResource { get; internal init; }

    internal IReadOnlyList<WildcardPattern> ActionPatterns { get; init; } = [];

    internal IReadOnlyList<ArnPattern> ResourcePatterns { get; init; } = [];

    internal IReadOnlyList<PolicyCondition> Conditions { get; init; } = [];

    /// <summary>Whether what it says may change by the clock alone: by a condition on the time, or the time in a pattern.</summary>
    internal bool AsksForTime => Conditions.Any(c => ConditionValues.IsTime(c.Key) || c.Texts.Any(NamesTime)) || Resources.Any(NamesTime);

    private static bool NamesTime(string pattern) => ConditionValues.TimeKeys.Any(k => pattern.Contains("${", StringComparison.Ordinal) && pattern.Contains(k, StringComparison.OrdinalIgnoreCase));
}
