using Tarn.S3.Requests;

namespace Tarn.S3.Operations;

/// <summary>
/// One operation of the S3 API, named as its reference names it. Stateless: one object answers all requests. A handler that needs the state of an object
/// for the decision (its tags, its ACL) returns no permission and asks itself.
/// </summary>
internal interface IS3Operation
{
    /// <summary>What the caller must be allowed to do before the handler runs; null when the handler asks.</summary>
    S3Permission? Permission(S3Request request);

    /// <summary>Answers the request.</summary>
    /// <exception cref="Core.Errors.TarnException">Anything that is answered with an error document.</exception>
    ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken);
}

/// <summary>An action on a resource, in the words of the policy language ("Actions, resources, and condition keys for Amazon S3").</summary>
/// <param name="Action">For instance <c>s3:GetObject</c>.</param>
/// <param name="Bucket">Bucket; empty for actions on no bucket.</param>
/// <param name="Key">Key; empty for actions on a bucket.</param>
internal readonly record struct S3Permission(string Action, string Bucket = "", string Key = "")
{
    /// <summary>Whether the bucket is one that is to be made: another's bucket of that name has no say.</summary>
    public bool IsOnNewBucket { get; init; }

    /// <summary>What stands for <c>s3:prefix</c> when the request has no such parameter: the key that a listing would have told about.</summary>
    public string? Prefix { get; init; }

    /// <summary>What the request is for when this action decides in its place; null for this action itself.</summary>
    public (string Action, string Resource)? AskedFor { get; init; }

    /// <summary>ARN of the resource.</summary>
    public string Resource => Bucket.Length == 0 ? "*" : Key.Length == 0 ? $"arn:aws:s3:::{Bucket}" : $"arn:aws:s3:::{Bucket}/{Key}";

    /// <summary>An action on the bucket of a request.</summary>
    public static S3Permission OnBucket(string action, S3Request request) => new(action, request.Bucket);

    /// <summary>An action on the object of a request.</summary>
    public static S3Permission OnObject(string action, S3Request request) => new(action, request.Bucket, request.Key);

    /// <summary>An action on an object, whose name differs when the request names a version.</summary>
    public static S3Permission OnVersion(string action, string versionAction, S3Request request)
        => OnObject(request.VersionId is null ? action : versionAction, request);
}
