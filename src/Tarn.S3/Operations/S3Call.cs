using Microsoft.AspNetCore.Http;
using Tarn.Access;
using Tarn.S3.Authorization;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Ownership;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Operations;

/// <summary>One request on its way through an operation: who asks, what comes in, and where the answer goes.</summary>
internal sealed class S3Call(S3Services services, S3Request request, Caller? caller, RequestPayload payload, string requestId)
{
    private BucketRecord? _bucket;

    /// <summary>What the operation works with.</summary>
    public S3Services Services => services;

    /// <summary>The request.</summary>
    public S3Request Request => request;

    /// <summary>Who asks; null for anonymous.</summary>
    public Caller? Caller => caller;

    /// <summary>Canonical id of who asks; empty for anonymous.</summary>
    public string CallerId => caller?.CanonicalId ?? "";

    /// <summary>The body.</summary>
    public RequestPayload Payload => payload;

    /// <summary>Id of the request.</summary>
    public string RequestId => requestId;

    /// <summary>The answer.</summary>
    public HttpResponse Response => request.Http.Response;

    /// <summary>The same request in the name of somebody whom its body proved.</summary>
    public S3Call As(Caller? sender) => new(services, request, sender, payload, requestId);

    /// <summary>The bucket that the request names.</summary>
    /// <exception cref="S3Exception">NoSuchBucket.</exception>
    public async ValueTask<BucketRecord> BucketAsync(CancellationToken cancellationToken)
        => _bucket ??= await services.Store.FindBucketAsync(request.Bucket, cancellationToken)
            ?? throw new S3Exception(S3Error.NoSuchBucket).With("BucketName", request.Bucket);

    /// <summary>Asks for a decision about an action on any bucket or object.</summary>
    /// <param name="permission">What is to be done.</param>
    /// <param name="acl">Canned ACL of the object concerned, when there is one.</param>
    /// <param name="tags">Tags of the object concerned, for <c>s3:ExistingObjectTag</c>.</param>
    /// <param name="objectOwner">Canonical id of who stored the object concerned, who may see to it also in the bucket of another account.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<bool> IsAllowedAsync(
        S3Permission permission, CannedAcl? acl = null, IReadOnlyDictionary<string, string>? tags = null, string? objectOwner = null, CancellationToken cancellationToken = default) =>
        await FindRefusalAsync(permission, acl, tags, objectOwner, cancellationToken) is null;

    /// <summary>Why something would be refused that nobody has asked for, so that the audit trail does not tell of it; null where it is allowed.</summary>
    public async ValueTask<string?> FindDenialAsync(S3Permission permission, CancellationToken cancellationToken) =>
        await FindObjectionAsync(permission, cancellationToken)
        ?? ((await services.Access.DecideAsync(await AskAsync(permission, null, null, null, cancellationToken), cancellationToken)).IsAllowed ? null : Unauthorized(permission));

    private async ValueTask<AccessRequest> AskAsync(S3Permission permission, CannedAcl? acl, IReadOnlyDictionary<string, string>? tags, string? objectOwner, CancellationToken cancellationToken)
    {
        var bucket = permission.Bucket.Length == 0 || permission.IsOnNewBucket ? null
            : permission.Bucket == request.Bucket && _bucket is not null ? _bucket
            : await services.Store.FindBucketAsync(permission.Bucket, cancellationToken);
        if (permission.Bucket == request.Bucket && !permission.IsOnNewBucket)
            _bucket = bucket;
        return new()
        {
            Caller = caller,
            Action = permission.Action,
            Resource = permission.Resource,
            AskedFor = permission.AskedFor,
            Conditions = RequestConditions.Read(request, tags, permission.Prefix),
            ResourcePolicies = bucket is null ? [] : acl is null ? services.Policies.Of(bucket) : services.Policies.Of(bucket, permission.Key, acl),
            // Nobody's is the installation's: the bucket that was there from the beginning is closed to other accounts.
            ResourceOwner = bucket is not null && caller is not null && objectOwner == caller.CanonicalId && !ObjectOwnership.DisablesAcls(bucket) ? objectOwner : bucket?.Owner,
            Source = request.Source,
            RequestId = requestId,
        };
    }

    /// <summary>Asks for a decision and refuses the request when it is no.</summary>
    /// <exception cref="S3Exception">AccessDenied.</exception>
    public async ValueTask AuthorizeAsync(
        S3Permission permission, CannedAcl? acl = null, IReadOnlyDictionary<string, string>? tags = null, string? objectOwner = null, CancellationToken cancellationToken = default)
    {
        if (await FindRefusalAsync(permission, acl, tags, objectOwner, cancellationToken) is { } refusal)
            throw refusal;
    }

    private async ValueTask<S3Exception?> FindRefusalAsync(
        S3Permission permission, CannedAcl? acl, IReadOnlyDictionary<string, string>? tags, string? objectOwner, CancellationToken cancellationToken)
    {
        var asked = await AskAsync(permission, acl, tags, objectOwner, cancellationToken);
        if (await FindObjectionAsync(permission, cancellationToken) is { } objection)
        {
            await services.Grants!.NoteRefusedAsync(caller!, permission.Action, permission.Resource, cancellationToken);
            return Objected(asked, objection);
        }

        return (await services.Access.AuthorizeAsync(asked, cancellationToken)).IsAllowed ? null : Denied(permission);
    }

    /// <summary>
    /// Asks once more about what a service has granted, for what takes long between the decision and the change. The audit trail is told of a refusal: of the
    /// permission it knows.
    /// </summary>
    /// <exception cref="S3Exception">AccessDenied.</exception>
    public async ValueTask RequireStillGrantedAsync(S3Permission permission, CancellationToken cancellationToken)
    {
        if (await FindObjectionAsync(permission, cancellationToken) is { } objection)
            throw Objected(await AskAsync(permission, null, null, null, cancellationToken), objection);
    }

    private S3Exception Objected(AccessRequest asked, string objection)
    {
        services.Access.RecordRefusal(asked, objection);
        return new S3Exception(S3Error.AccessDenied, objection);
    }

    // What a service has granted, it would have to grant still.
    private async ValueTask<string?> FindObjectionAsync(S3Permission permission, CancellationToken cancellationToken) => caller is not { IsGranted: true } ? null
        : services.Grants is null ? "This storage does not know the service that has granted these keys."
        : await services.Grants.FindRefusalAsync(caller, permission.Action, permission.Resource, cancellationToken);

    /// <summary>Reads the body of a request that is parsed as a whole, and verifies its digests.</summary>
    /// <exception cref="S3Exception">Too long, or not what was claimed.</exception>
    public ValueTask<byte[]> ReadBodyAsync(CancellationToken cancellationToken)
        => ContentTransfer.ReadAllAsync(payload, ChecksumClaims.Read(request.Headers, payload.Mode), XmlRequest.MaximumSizeBytes, cancellationToken);

    /// <summary>Answers with a document.</summary>
    public ValueTask RespondAsync(XmlAnswer document, CancellationToken cancellationToken)
        => RespondAsync(StatusCodes.Status200OK, XmlAnswer.ContentType, document.ToUtf8(), cancellationToken);

    /// <summary>Answers with a body of any type.</summary>
    public async ValueTask RespondAsync(int status, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Response.StatusCode = status;
        Response.ContentType = contentType;
        Response.ContentLength = body.Length;
        if (request.Method != HttpMethods.Head)
            await Response.BodyWriter.WriteAsync(body, cancellationToken);
    }

    /// <summary>Answers without a body.</summary>
    public void Respond(int status)
    {
        Response.StatusCode = status;
        // A length on 204 and 304 is not allowed (RFC 9110 §8.6).
        if (status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
            Response.ContentLength = 0;
    }

    private S3Exception Denied(S3Permission permission)
        => new(S3Error.AccessDenied, caller is null
            ? $"The request shows no key, and {permission.Action} on \"{permission.Resource}\" is not open to everybody.{(permission.Key.Length == 0 ? "" : " Keys for the files of a table come with it from the catalog, to who has catalog:ReadData on it.")}"
            : Unauthorized(permission));

    private string Unauthorized(S3Permission permission) => $"User: {caller?.Arn} is not authorized to perform: {permission.Action} on resource: \"{permission.Resource}\"";
}
