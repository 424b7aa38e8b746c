using System.Collections.Frozen;

namespace Tarn.Access.Policies;

/// <summary>Which policies are public. See "The meaning of 'public'" in "Blocking public access to your Amazon S3 storage".</summary>
internal static class PublicAccess
{
    // Shorter prefixes take in so much of the Internet that AWS counts them as everybody.
    private const int ShortestIPv4Prefix = 8, ShortestIPv6Prefix = 32;

    private static readonly FrozenSet<string> NarrowingKeys = new[]
    {
        "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:SourceArn", "aws:SourceVpc", "aws:SourceVpce",
        "aws:SourceOwner", "aws:SourceAccount", "aws:userid", "aws:username", "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:DataAccessPointArn", "s3:DataAccessPointAccount",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> NarrowingOperators = new[]
    {
        "StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsPublic(PolicyDocument policy) =>
        policy.Statements.Any(s => s is { Effect: PolicyEffect.Allow, Principals: { } who } && (who.IsEveryone || who.IsNot) && !s.Conditions.Any(IsNarrowing));

    private static bool IsNarrowing(PolicyCondition condition)
    {
        if (condition is { IfExists: true } or { Quantifier: ConditionQuantifier.ForAllValues })
            return false;
        if (condition.Operator == "IpAddress" && condition.Key.Equals("aws:SourceIp", StringComparison.OrdinalIgnoreCase))
            return condition.Texts.All(IsSmall);
        return NarrowingKeys.Contains(condition.Key) && NarrowingOperators.Contains(condition.Operator)
            && condition.Texts.All(t => t.AsSpan().IndexOfAny('*', '?') < 0 && !t.Contains("${", StringComparison.Ordinal));
    }

    private static bool IsSmall(string range)
    {
        var network = AddressRange.Parse(range).Network;
        return network.PrefixLength >= (network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? ShortestIPv4Prefix : ShortestIPv6Prefix);
    }
}
