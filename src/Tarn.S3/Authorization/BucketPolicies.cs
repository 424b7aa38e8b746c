using Tarn.Access.Policies;
using Tarn.Core.Caching;
using Tarn.S3.Ownership;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Authorization;

/// <summary>The policies that a bucket brings to a decision, parsed once for each text.</summary>
internal sealed class BucketPolicies
{
    // Each costs about what its text does; when more buckets than this have a policy, all are parsed afresh.
    private const int MaximumCount = 1024;

    private readonly ForgetfulCache<string, PolicyDocument> _parsed = new(MaximumCount);

    /// <summary>The bucket's own policy and what its canned ACL means; empty when it has neither.</summary>
    public IReadOnlyList<PolicyDocument> Of(BucketRecord bucket)
    {
        var block = PublicAccessBlock.Of(bucket);
        var acl = block.IgnoresPublicAcls ? CannedAcl.Private : CannedAcl.Of(bucket);
        var policy = bucket.Documents.TryGetValue(BucketDocuments.Policy, out string? text) ? Parse(text) : null;
        if (policy is { IsPublic: true } && block.RestrictsPublicBuckets)
            policy = null;
        return (policy, acl.OnBucket(bucket.Name)) switch
        {
            (null, null) => [],
            ({ } own, null) => [own],
            (null, { } granted) => [Parse(granted)],
            ({ } own, { } granted) => [own, Parse(granted)],
        };
    }

    /// <summary>The bucket's own policy and what the canned ACL of an object means.</summary>
    public IReadOnlyList<PolicyDocument> Of(BucketRecord bucket, string key, CannedAcl acl)
    {
        var policies = Of(bucket);
        bool isIgnored = PublicAccessBlock.Of(bucket).IgnoresPublicAcls || ObjectOwnership.DisablesAcls(bucket);
        return !isIgnored && acl.OnObject(bucket.Name, key) is { } granted
            ? [.. policies, PolicyDocument.Parse(granted, PolicyKind.Resource)]
            : policies;
    }

    private PolicyDocument Parse(string text) => _parsed.GetOrAdd(text, static t => PolicyDocument.Parse(t, PolicyKind.Resource));
}
