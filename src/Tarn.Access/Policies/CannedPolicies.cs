using System.Collections.Frozen;

namespace Tarn.Access.Policies;

/// <summary>The policies that are always there and cannot be changed.</summary>
public static class CannedPolicies
{
    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, CannedPolicy> All { get; } = new CannedPolicy[]
    {
        Create("admin", "everything in the account, also identities and policies", """{"Effect":"Allow","Action":"*","Resource":"*"}"""),
        Create("readwrite", "read, write and delete all buckets, objects, namespaces, tables and views of the account", """{"Effect":"Allow","Action":["s3:*","catalog:*"],"Resource":"*"}"""),
        Create("readonly", "list and read all buckets, objects, namespaces, tables and views of the account", """{"Effect":"Allow","Action":["s3:Get*","s3:List*","catalog:Get*","catalog:List*","catalog:ReadData"],"Resource":"*"}"""),
        Create("writeonly", "put objects, and nothing else", """{"Effect":"Allow","Action":["s3:PutObject","s3:AbortMultipartUpload","s3:ListMultipartUploadParts"],"Resource":"*"}"""),
        Create("catalog", "read, write and drop all namespaces, tables and views of the account, and nothing else", """{"Effect":"Allow","Action":"catalog:*","Resource":"*"}"""),
        Create("diagnostics", "health, metrics, logs and the audit trail; no data", """{"Effect":"Allow","Action":["tarn:GetHealth","tarn:GetMetrics","tarn:GetLogs","tarn:GetAudit","s3:ListAllMyBuckets"],"Resource":"*"}"""),
    }.ToFrozenDictionary(p => p.Name, StringComparer.Ordinal);

    private static CannedPolicy Create(string name, string description, string statement)
    {
        string json = $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""";
        return new CannedPolicy(name, description, PolicyDocument.Parse(json, PolicyKind.Identity));
    }
}

/// <summary>A built-in policy.</summary>
/// <param name="Name">As it is attached.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Document">The policy.</param>
public sealed record CannedPolicy(string Name, string Description, PolicyDocument Document);
