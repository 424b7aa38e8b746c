using Tarn.Access.Policies;
using Tarn.Core.Errors;

namespace Tarn.Access.Tests.Policies;

/// <summary>The rules of "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or values", case by case.</summary>
public sealed class ConditionOperatorsTests
{
    // What the policy says, then the values of the request separated by '|' ("" is one empty value, null an absent key), then the outcome.
    [Theory]
    [InlineData("StringEquals", "red|green", "green", true)]
    [InlineData("StringEquals", "red", "Red", false)]
    [InlineData("StringEquals", "r*", "red", false)]
    [InlineData("StringEquals", "red", null, false)]
    [InlineData("StringEquals", "", "", true)]
    [InlineData("StringNotEquals", "red|green", "blue", true)]
    [InlineData("StringNotEquals", "red|green", "green", false)]
    [InlineData("StringNotEquals", "red", null, true)]
    [InlineData("StringEqualsIgnoreCase", "RED", "red", true)]
    [InlineData("StringNotEqualsIgnoreCase", "RED", "red", false)]
    [InlineData("StringLike", "home/*/x?", "home/ada/x1", true)]
    [InlineData("StringLike", "home/*/x?", "home/ada/x", false)]
    [InlineData("StringNotLike", "home/*", "home/ada", false)]
    [InlineData("StringNotLike", "home/*", null, true)]
    [InlineData("StringEqualsIfExists", "red", null, true)]
    [InlineData("StringEqualsIfExists", "red", "blue", false)]
    [InlineData("NumericEquals", "10", "1e1", true)]
    [InlineData("NumericNotEquals", "10", "11", true)]
    [InlineData("NumericLessThan", "10", "9.5", true)]
    [InlineData("NumericLessThan", "10", "10", false)]
    [InlineData("NumericLessThanEquals", "10", "10", true)]
    [InlineData("NumericGreaterThan", "10", "10", false)]
    [InlineData("NumericGreaterThanEquals", "10", "10", true)]
    [InlineData("NumericLessThanEquals", "10", "ten", false)]
    [InlineData("DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true)]
    [InlineData("DateLessThan", "2026-01-01T02:00:00+02:00", "1767225599", true)]
    [InlineData("DateEquals", "1767225600", "2026-01-01T00:00:00Z", true)]
    [InlineData("DateNotEquals", "2026-01-01", "2026-01-02", true)]
    [InlineData("DateLessThanEquals", "2026-01-01", "2026-01-01", true)]
    [InlineData("DateGreaterThanEquals", "2026-01-02", "2026-01-01", false)]
    [InlineData("Bool", "true", "true", true)]
    [InlineData("Bool", "false", "true", false)]
    [InlineData("Bool", "true", null, false)]
    [InlineData("BoolIfExists", "true", null, true)]
    [InlineData("BinaryEquals", "QmluYXJ5", "QmluYXJ5", true)]
    [InlineData("BinaryEquals", "QmluYXJ5", "QmluYXJ6", false)]
    [InlineData("IpAddress", "203.0.113.0/24", "203.0.113.77", true)]
    [InlineData("IpAddress", "203.0.113.9/24", "203.0.113.77", true)]
    [InlineData("IpAddress", "203.0.113.0/24", "203.0.114.1", false)]
    [InlineData("IpAddress", "203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("IpAddress", "2001:db8::/32", "2001:db8:1::9", true)]
    [InlineData("IpAddress", "2001:db8::/32", "10.0.0.1", false)]
    [InlineData("NotIpAddress", "10.0.0.0/8", "10.1.1.1", false)]
    [InlineData("NotIpAddress", "10.0.0.0/8", null, true)]
    [InlineData("ArnEquals", "arn:aws:iam::123456789012:user/*", "arn:aws:iam::123456789012:user/ada", true)]
    [InlineData("ArnLike", "arn:aws:*:*:*:x", "arn:aws:a:b:c:x", true)]
    [InlineData("ArnLike", "arn:aws:*:b:c:x", "arn:aws:a:z:b:c:x", false)]
    [InlineData("ArnNotLike", "arn:aws:iam::*:user/ada", "arn:aws:iam::1:user/bob", true)]
    [InlineData("ArnNotEquals", "arn:aws:iam::*:user/ada", "arn:aws:iam::1:user/ada", false)]
    [InlineData("Null", "true", null, true)]
    [InlineData("Null", "true", "x", false)]
    [InlineData("Null", "false", "x", true)]
    [InlineData("Null", "false", "", true)]
    [InlineData("Null", "false", null, false)]
    [InlineData("ForAllValues:StringEquals", "a|b|c", "a|b", true)]
    [InlineData("ForAllValues:StringEquals", "a|b|c", "a|d", false)]
    [InlineData("ForAllValues:StringEquals", "a", null, true)]
    [InlineData("ForAnyValue:StringEquals", "a|b", "b|z", true)]
    [InlineData("ForAnyValue:StringEquals", "a|b", "y|z", false)]
    [InlineData("ForAnyValue:StringEquals", "a", null, false)]
    [InlineData("ForAnyValue:StringEqualsIfExists", "a", null, true)]
    [InlineData("ForAllValues:StringNotEquals", "a|b", "c|d", true)]
    [InlineData("ForAllValues:StringNotEquals", "a|b", "a|d", false)]
    [InlineData("ForAnyValue:StringNotEquals", "a|b", "a|d", true)]
    [InlineData("ForAnyValue:StringNotEquals", "a|b", "a|b", false)]
    [InlineData("ForAllValues:StringLike", "logs-*|data", "logs-1|data", true)]
    public void IsMet_OfARequest_FollowsTheUserGuide(string name, string policyValues, string? values, bool expected)
    {
        var condition = ConditionOperators.Create(name, "test:Key", policyValues.Split('|'), hasVariables: true);
        var request = new ConditionValues();
        if (values is not null)
            request.Set("TEST:key", values.Split('|'));
        Assert.Equal(expected, condition.IsMet(request));
    }

    [Theory]
    [InlineData("StringSimilar", "x", "not a condition operator")]
    [InlineData("stringequals", "x", "not a condition operator")]
    [InlineData("NullIfExists", "true", "not a condition operator")]
    [InlineData("NumericEquals", "many", "not a number")]
    [InlineData("DateEquals", "yesterday", "not a time")]
    [InlineData("Bool", "yes", "neither 'true' nor 'false'")]
    [InlineData("Null", "maybe", "neither 'true' nor 'false'")]
    [InlineData("IpAddress", "300.0.0.0/8", "not a range of addresses")]
    [InlineData("IpAddress", "10.0.0.0/33", "not a range of addresses")]
    [InlineData("ArnLike", "bucket", "not an ARN")]
    [InlineData("StringLike", "${aws:username", "closing brace")]
    public void Parse_MalformedCondition_NamesPlaceAndRule(string name, string value, string expected)
    {
        string json = $$$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"{{{name}}}":{"aws:x":"{{{value}}}"} } }]}""";
        var error = Assert.Throws<TarnException>(() => PolicyDocument.Parse(json, PolicyKind.Identity));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("Statement[0].Condition." + name, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
