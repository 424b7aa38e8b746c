using System.Collections.Frozen;
using Tarn.S3.Errors;
using Tarn.S3.Requests;

namespace Tarn.S3.Routing;

/// <summary>
/// Tells the query parameters that select an operation from those that only modify one. A parameter that is neither known nor has a value looks like a
/// sub-resource of a newer version of the API: it is refused, so that it never falls through to another operation.
/// </summary>
internal static class SubResources
{
    // The operations of the API reference that are chosen by a parameter, whether or not the table has a row for them.
    private static readonly FrozenSet<string> s_selecting = FrozenSet.Create(
        StringComparer.Ordinal,
        "abac", "accelerate", "acl", "analytics", "append", "attributes", "cors", "delete", "encryption", "intelligent-tiering", "inventory", "legal-hold",
        "lifecycle", "location", "logging", "metadataConfiguration", "metadataInventoryTable", "metadataJournalTable", "metadataTable", "metrics",
        "notification", "object-lock", "ownershipControls", "policy", "policyStatus", "publicAccessBlock", "renameObject", "replication", "requestPayment",
        "restore", "retention", "select", "session", "tagging", "torrent", "uploadId", "uploads", "versioning", "versions", "website");

    private static readonly FrozenSet<string> s_modifying = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "AWSAccessKeyId", "bucket-region", "continuation-token", "delimiter", "encoding-type", "Expires", "fetch-owner", "id", "key-marker", "list-type",
        "marker", "max-buckets", "max-keys", "max-parts", "max-uploads", "part-number-marker", "partNumber", "prefix", "select-type", "Signature",
        "start-after", "upload-id-marker", "version-id-marker", "versionId", "x-id");

    /// <summary>The parameter that selects the operation; empty for none.</summary>
    /// <exception cref="S3Exception">InvalidArgument for two of them, NotImplemented for one that nobody knows.</exception>
    public static string Selected(RequestQuery query)
    {
        string selected = "";
        foreach (var parameter in query.Parameters)
        {
            if (s_selecting.Contains(parameter.Name))
            {
                if (selected.Length > 0 && selected != parameter.Name)
                {
                    throw new S3Exception(S3Error.InvalidArgument, $"Conflicting query string parameters: {selected}, {parameter.Name}")
                        .With("ArgumentName", "ResourceType").With("ArgumentValue", parameter.Name);
                }

                selected = parameter.Name;
            }
            else if (parameter.Value.Length == 0 && !IsModifying(parameter.Name))
            {
                throw new S3Exception(S3Error.NotImplemented, $"The sub-resource '{parameter.Name}' is not implemented.");
            }
        }

        return selected;
    }

    private static bool IsModifying(string name)
        => s_modifying.Contains(name) || name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("response-", StringComparison.Ordinal);
}
