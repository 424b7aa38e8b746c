using System.Xml;
using System.Xml.Linq;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Errors;

namespace Tarn.Catalog.Rest.Signing;

/// <summary>
/// Decides whether a request to the storage is one that a table may be read or written with: reading and writing objects in its folders, and listing below
/// them. All else (policies, versions, tags of buckets) is refused here, and by the storage again.
/// </summary>
internal static class SignedAccess
{
    private const string ListPrefix = "prefix", Delete = "delete", CopySource = "x-amz-copy-source";

    private static readonly string[] s_read = ["x-id", "partNumber"];
    private static readonly string[] s_list = ["x-id", "list-type", ListPrefix, "delimiter", "max-keys", "continuation-token", "start-after", "fetch-owner", "encoding-type", "marker"];
    private static readonly string[] s_write = ["x-id", "partNumber", "uploadId", "uploads"];

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="grant">What the caller may reach.</param>
    /// <param name="limit">Why it may not write, where it may not; null when nothing more can be said.</param>
    /// <returns>The part of the grant that the request needs.</returns>
    /// <exception cref="RestException">403: it reaches elsewhere, or does something else. 400: it removes several objects and does not show them.</exception>
    public static TableGrant Require(SignRequest request, TableGrant grant, string? limit)
    {
        var target = request.Target;
        var (bucket, key) = target.Locate(grant.Folders.Select(f => f.Bucket));
        bool isUpload = target["uploadId"] is not null;
        bool needsWrite = request.Method is "PUT" or "POST" or "DELETE" || isUpload;
        if (needsWrite && !grant.CanWrite)
            throw Refusal(request, "the files of the table may only be read" + (limit is null ? "" : $". {limit.TrimEnd('.')}"));
        bool removes = (request.Method == "DELETE" && !isUpload) || (request.Method == "POST" && key.Length == 0);
        if (removes && !grant.CanReplace)
            throw Refusal(request, GrantLimits.OtherBranches);
        string[] allowed = key.Length == 0 ? request.Method == "POST" ? ["x-id", Delete] : s_list : needsWrite ? s_write : s_read;
        if (target.Query.Select(p => p.Key).FirstOrDefault(name => !allowed.Contains(name)) is { } other)
            throw Refusal(request, $"the parameter '{other}' is for something else");
        switch (request.Method)
        {
            case "GET" when key.Length == 0:
                RequireInside(request, grant, bucket, target[ListPrefix] ?? "");
                break;
            case "POST" when key.Length == 0:
                foreach (string removed in KeysOf(request))
                    RequireInside(request, grant, bucket, removed);
                break;
            case "GET" or "HEAD" or "PUT" or "POST" or "DELETE":
                RequireInside(request, grant, bucket, key);
                break;
            default:
                throw Refusal(request, "the method is not one of those that files are read and written with");
        }

        if (request.Headers.TryGetValue(CopySource, out string? source))
            RequireSource(request, grant, source);
        return needsWrite ? grant : grant.ForReading();
    }

    private static void RequireInside(SignRequest request, TableGrant grant, string bucket, string key)
    {
        if (!grant.Contains(bucket, key))
            throw Refusal(request, $"'{key}' in bucket '{bucket}' is not in a folder of the table ({string.Join(", ", grant.Folders.Select(f => f.Location))})");
    }

    private static void RequireSource(SignRequest request, TableGrant grant, string source)
    {
        string[] parts = Uri.UnescapeDataString(source.TrimStart('/')).Split('/', 2);
        if (parts.Length < 2 || parts[1].Contains('?', StringComparison.Ordinal) || !grant.Contains(parts[0], parts[1]))
            throw Refusal(request, $"'{source}' is copied from, which is not in a folder of the table");
    }

    // What the client shows is what it is told about; that it sends nothing else, the storage sees to.
    private static List<string> KeysOf(SignRequest request)
    {
        if (request.Body is not { Length: > 0 } body)
            throw RestException.BadRequest("A request that removes several objects is signed only with its body.");
        try
        {
            using var reader = XmlReader.Create(new StringReader(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return [.. XDocument.Load(reader).Descendants().Where(e => e.Name.LocalName == "Key").Select(e => e.Value)];
        }
        catch (XmlException error)
        {
            throw new RestException(RestError.BadRequest, $"The body of the request is no list of objects: {error.Message}", error);
        }
    }

    private static RestException Refusal(SignRequest request, string why) => new(RestError.Forbidden, $"{request.Method} {request.Target.Path} is not signed: {why}.");
}
