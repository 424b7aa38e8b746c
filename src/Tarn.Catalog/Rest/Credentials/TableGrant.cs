using System.Text;
using System.Text.Json;
using Tarn.Core.Text;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>Files that somebody may reach: those in the folders of one table.</summary>
/// <param name="Table">The table, and who asked from where.</param>
/// <param name="Folders">The folders, at least one.</param>
/// <param name="CanWrite">Whether new files may be written too.</param>
/// <param name="CanReplace">Whether files that are there may be overwritten and removed too.</param>
internal sealed record TableGrant(GrantedTable Table, IReadOnlyList<BucketFolder> Folders, bool CanWrite, bool CanReplace)
{
    // "Actions, resources, and condition keys for Amazon S3": what file systems and S3FileIO need of objects.
    private static readonly string[] s_reading = ["s3:GetObject", "s3:GetObjectTagging"];
    // Keys that do not remove a key do not overwrite it either: Tarn's storage sees to that.
    private static readonly string[] s_writing = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];
    private static readonly string[] s_replacing = ["s3:PutObjectTagging", Removing];
    private const string Listing = "s3:ListBucket", Resources = "arn:aws:s3:::";

    /// <summary>The action that removing an object takes, and, of these keys, overwriting one.</summary>
    public const string Removing = "s3:DeleteObject";

    /// <summary>The longest location that covers all folders; clients look for the credential whose prefix a file's location begins with.</summary>
    public string Prefix
    {
        get
        {
            if (Folders is [var only])
                return only.Prefix;
            return Folders.All(f => f.Bucket == Folders[0].Bucket) ? $"s3://{Folders[0].Bucket}/" : "s3";
        }
    }

    /// <summary>Whether it opens something to an action, in its folders.</summary>
    public bool Allows(string action) => action == Listing || Actions.Contains(action);

    /// <summary>The right on the table that an action on its files takes; none for what no such grant opens.</summary>
    public static DataRights NeededFor(string action) => action == Listing || s_reading.Contains(action) ? DataRights.Read
        : s_writing.Contains(action) || s_replacing.Contains(action) ? DataRights.Write
        : DataRights.None;

    private IEnumerable<string> Actions => [.. s_reading, .. CanWrite ? s_writing : [], .. CanReplace ? s_replacing : []];

    /// <summary>The same for reading alone.</summary>
    public TableGrant ForReading() => this with { CanWrite = false, CanReplace = false };

    /// <summary>Whether an object may be reached.</summary>
    public bool Contains(string bucket, string key) => Folders.Any(f => f.Contains(bucket, key));

    /// <summary>The location of an object that may be reached; null for another one.</summary>
    /// <param name="resource">Its ARN.</param>
    public string? LocationOf(string resource) =>
        resource.StartsWith(Resources, StringComparison.Ordinal) && resource[Resources.Length..].Split('/', 2) is [var bucket, var key] && Contains(bucket, key) ? $"s3://{bucket}/{key}" : null;

    /// <summary>A policy that allows this and nothing else.</summary>
    public string ToPolicy() => PlainJson.ToText(WritePolicy);

    private void WritePolicy(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("Version", "2012-10-17");
        json.WriteStartArray("Statement");
        WriteStatement(json, Actions, Folders.Select(f => $"{Resources}{f.Bucket}/{Escape(f.Key)}*"), []);
        foreach (var bucket in Folders.GroupBy(f => f.Bucket))
            WriteStatement(json, [Listing], [$"{Resources}{bucket.Key}"], bucket.Select(f => Escape(f.Key) + "*"));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStatement(Utf8JsonWriter json, IEnumerable<string> actions, IEnumerable<string> resources, IEnumerable<string> prefixes)
    {
        json.WriteStartObject();
        json.WriteString("Effect", "Allow");
        WriteArray(json, "Action", actions);
        WriteArray(json, "Resource", resources);
        if (prefixes.Any())
        {
            json.WriteStartObject("Condition");
            json.WriteStartObject("StringLike");
            WriteArray(json, "s3:prefix", prefixes);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    // Characters that mean something in a pattern stand for themselves as variables ("IAM policy elements: Variables and tags").
    private static string Escape(string key)
    {
        var text = new StringBuilder(key.Length);
        foreach (char sign in key)
            _ = sign is '*' or '?' or '$' ? text.Append("${").Append(sign).Append('}') : text.Append(sign);
        return text.ToString();
    }
}
