namespace Tarn.Access.Policies;

/// <summary>Over which of the values of a key a condition speaks.</summary>
internal enum ConditionQuantifier
{
    /// <summary>The key is meant to have one value.</summary>
    Single,

    /// <summary><c>ForAllValues:</c> every value of the request; true when there is none.</summary>
    ForAllValues,

    /// <summary><c>ForAnyValue:</c> at least one value of the request; false when there is none.</summary>
    ForAnyValue,
}

/// <summary>
/// One line of a <c>Condition</c> element: operator, key, and the values of the policy, one of which must fit (none, for a negated operator).
/// See "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or values" of the IAM user guide.
/// </summary>
/// <param name="Key">The condition key.</param>
/// <param name="Quantifier">Set operator.</param>
/// <param name="IsNegated">Whether no value of the policy may fit.</param>
/// <param name="IfExists">Whether an absent key fits.</param>
/// <param name="Values">Tests for the values of the policy; at least one.</param>
internal sealed record PolicyCondition(string Key, ConditionQuantifier Quantifier, bool IsNegated, bool IfExists, IReadOnlyList<ConditionTest> Values)
{
    /// <summary>What <c>Null</c> asks: true for absent, false for present; null for other operators.</summary>
    public bool? MustBeAbsent { get; init; }

    /// <summary>For what is public: the values as written, with the operator's base name.</summary>
    public string Operator { get; init; } = "";

    /// <summary>The values of the policy as written.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Whether the request fits.</summary>
    public bool IsMet(ConditionValues request)
    {
        var present = request[Key];
        if (MustBeAbsent is { } absent)
            return present is null == absent;
        if (present is null && IfExists)
            return true;
        return Quantifier switch
        {
            ConditionQuantifier.ForAllValues => (present ?? []).All(value => Fits(value, request)),
            ConditionQuantifier.ForAnyValue => (present ?? []).Any(value => Fits(value, request)),
            _ when IsNegated => (present ?? []).All(value => Fits(value, request)),
            _ => (present ?? []).Any(value => Fits(value, request)),
        };
    }

    private bool Fits(string value, ConditionValues request)
    {
        foreach (var test in Values)
        {
            if (test(value, request))
                return !IsNegated;
        }

        return IsNegated;
    }
}

/// <summary>Whether a value of the request fits one value of the policy.</summary>
/// <param name="value">A value of the request.</param>
/// <param name="request">The whole request, for variables.</param>
internal delegate bool ConditionTest(string value, ConditionValues request);
