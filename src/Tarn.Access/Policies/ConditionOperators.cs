using System.Collections.Frozen;
using System.Globalization;
using System.Net;

namespace Tarn.Access.Policies;

/// <summary>The condition operators of the policy language. Each turns a value of the policy into a test, once, when the policy is parsed.</summary>
internal static class ConditionOperators
{
    private const string All = "ForAllValues:", Any = "ForAnyValue:", IfExistsSuffix = "IfExists", NullOperator = "Null";

    private delegate ConditionTest TestFactory(string value, bool hasVariables);

    // Names without "Not": a negated operator is the positive one, turned round.
    private static readonly FrozenDictionary<string, (TestFactory Factory, bool IsNegated)> Factories = new Dictionary<string, (TestFactory, bool)>
    {
        ["StringEquals"] = (Text(wildcards: false, ignoreCase: false), false),
        ["StringNotEquals"] = (Text(wildcards: false, ignoreCase: false), true),
        ["StringEqualsIgnoreCase"] = (Text(wildcards: false, ignoreCase: true), false),
        ["StringNotEqualsIgnoreCase"] = (Text(wildcards: false, ignoreCase: true), true),
        ["StringLike"] = (Text(wildcards: true, ignoreCase: false), false),
        ["StringNotLike"] = (Text(wildcards: true, ignoreCase: false), true),
        ["NumericEquals"] = (Number(order => order == 0), false),
        ["NumericNotEquals"] = (Number(order => order == 0), true),
        ["NumericLessThan"] = (Number(order => order < 0), false),
        ["NumericLessThanEquals"] = (Number(order => order <= 0), false),
        ["NumericGreaterThan"] = (Number(order => order > 0), false),
        ["NumericGreaterThanEquals"] = (Number(order => order >= 0), false),
        ["DateEquals"] = (Date(order => order == 0), false),
        ["DateNotEquals"] = (Date(order => order == 0), true),
        ["DateLessThan"] = (Date(order => order < 0), false),
        ["DateLessThanEquals"] = (Date(order => order <= 0), false),
        ["DateGreaterThan"] = (Date(order => order > 0), false),
        ["DateGreaterThanEquals"] = (Date(order => order >= 0), false),
        ["Bool"] = (Boolean, false),
        ["BinaryEquals"] = (Binary, false),
        ["IpAddress"] = (Address, false),
        ["NotIpAddress"] = (Address, true),
        ["ArnEquals"] = (Arn, false),
        ["ArnNotEquals"] = (Arn, true),
        ["ArnLike"] = (Arn, false),
        ["ArnNotLike"] = (Arn, true),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Builds a condition.</summary>
    /// <param name="name">The operator as written, e.g. <c>ForAnyValue:StringLikeIfExists</c>.</param>
    /// <param name="key">The condition key.</param>
    /// <param name="values">The values of the policy.</param>
    /// <param name="hasVariables">Whether the policy's version knows variables.</param>
    /// <exception cref="FormatException">No such operator, or a value that it cannot compare with.</exception>
    public static PolicyCondition Create(string name, string key, IReadOnlyList<string> values, bool hasVariables)
    {
        var (quantifier, rest) = name.StartsWith(All, StringComparison.Ordinal) ? (ConditionQuantifier.ForAllValues, name[All.Length..])
            : name.StartsWith(Any, StringComparison.Ordinal) ? (ConditionQuantifier.ForAnyValue, name[Any.Length..])
            : (ConditionQuantifier.Single, name);
        if (rest == NullOperator)
            return new PolicyCondition(key, quantifier, IsNegated: false, IfExists: false, []) { Operator = rest, Texts = values, MustBeAbsent = OneBoolean(values) };
        bool ifExists = rest.EndsWith(IfExistsSuffix, StringComparison.Ordinal);
        string plain = ifExists ? rest[..^IfExistsSuffix.Length] : rest;
        if (!Factories.TryGetValue(plain, out var found))
            throw new FormatException($"'{name}' is not a condition operator; there are {string.Join(", ", Factories.Keys.Order())}, Null");
        return new PolicyCondition(key, quantifier, found.IsNegated, ifExists, [.. values.Select(v => found.Factory(v, hasVariables))]) { Operator = plain, Texts = values };
    }

    private static TestFactory Text(bool wildcards, bool ignoreCase) => (value, hasVariables) =>
    {
        var template = new PatternTemplate(PatternTemplate.Split(value, hasVariables, wildcards), ignoreCase);
        return (text, request) => template.IsMatch(text, request);
    };

    private static ConditionTest Arn(string value, bool hasVariables)
    {
        var pattern = ArnPattern.Parse(value, hasVariables);
        return pattern.IsMatch;
    }

    private static TestFactory Number(Func<int, bool> isRight) => (value, _) =>
    {
        double limit = TryNumber(value, out double parsed) ? parsed : throw new FormatException($"'{value}' is not a number");
        return (text, _) => TryNumber(text, out double number) && isRight(number.CompareTo(limit));
    };

    private static TestFactory Date(Func<int, bool> isRight) => (value, _) =>
    {
        var limit = TryDate(value, out var parsed) ? parsed : throw new FormatException($"'{value}' is not a time; write 2026-01-31T12:00:00Z or seconds since 1970");
        return (text, _) => TryDate(text, out var time) && isRight(time.CompareTo(limit));
    };

    private static ConditionTest Boolean(string value, bool hasVariables)
    {
        bool wanted = ParseBoolean(value);
        return (text, _) => bool.TryParse(text, out bool given) && given == wanted;
    }

    private static ConditionTest Binary(string value, bool hasVariables)
    {
        byte[] wanted = Convert.FromBase64String(value);
        return (text, _) => Convert.TryFromBase64String(text, new byte[text.Length], out int length)
            && Convert.FromBase64String(text).AsSpan(0, length).SequenceEqual(wanted);
    }

    private static ConditionTest Address(string value, bool hasVariables)
    {
        var network = AddressRange.Parse(value);
        return (text, _) => IPAddress.TryParse(text, out var address) && network.Contains(address);
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static bool TryDate(string text, out DateTimeOffset time)
    {
        time = default;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds) && seconds is >= -62_135_596_800 and <= 253_402_300_799)
            time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        else if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time))
            return false;
        return true;
    }

    private static bool OneBoolean(IReadOnlyList<string> values) => values is [var only]
        ? ParseBoolean(only)
        : throw new FormatException($"Null takes one value, 'true' or 'false', and not {values.Count}");

    private static bool ParseBoolean(string value) => bool.TryParse(value, out bool parsed) ? parsed : throw new FormatException($"'{value}' is neither 'true' nor 'false'");
}
