using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.Access;
using Tarn.S3.Authentication;
using Tarn.S3.Authorization;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Objects;
using Tarn.S3.Operations;
using Tarn.S3.Ownership;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;
using Tarn.S3.Tagging;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Forms;

/// <summary>PostObject: an upload by an HTML form, signed by the policy in it, in version 4 or 2, or by nobody.</summary>
internal sealed class PostObject(S3Services services) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        // 1. The fields; the file waits.
        var form = await PostForm.ReadAsync(call.Request.Http.Request, cancellationToken);
        string key = form.Key();
        var policy = PolicyOf(form);

        // 2. Who signed it, and whether they may.
        var sender = call.As(policy is null ? null : await SignerAsync(call, form, cancellationToken));
        policy?.Check(call.Request.Bucket, form, services.Time.GetUtcNow());
        await sender.AuthorizeAsync(new("s3:PutObject", call.Request.Bucket, key), cancellationToken: cancellationToken);
        var bucket = await sender.BucketAsync(cancellationToken);
        var headers = Headers(form);
        await NewObjectRights.RequireAsync(sender, headers, key, cancellationToken);
        var acl = Acl(form);
        var commit = NewObject.Read(key, headers, bucket, acl, ObjectOwnership.OwnerOf(bucket, sender.CallerId, acl), services.Time.GetUtcNow());
        commit = commit with { Condition = await Replacing.LimitAsync(sender, commit, cancellationToken) };
        if (form.Field("tagging") is { } tagging)
            commit = commit with { Tags = TagSet.Parse(Encoding.UTF8.GetBytes(tagging), TagSet.ObjectLimit) };

        // 3. The file.
        long maximum = Math.Min(policy?.MaximumBytes ?? long.MaxValue, S3Limits.BodySizeBytes);
        using var payload = new RequestPayload(PipeReader.Create(form.File), PayloadMode.Unsigned, null, null, null) { MaximumBytes = maximum };
        using var write = await services.Store.BeginWriteAsync(bucket.Name, null, new WriteTarget(commit.Key), cancellationToken);
        var received = await ContentTransfer.ReceiveAsync(payload, ChecksumClaims.Read(headers, PayloadMode.Unsigned), ChecksumAlgorithm.Crc64Nvme, write, cancellationToken);
        if (write.SizeBytes < policy?.MinimumBytes)
            throw new S3Exception(S3Error.EntityTooSmall, "Your proposed upload is smaller than the minimum allowed size");
        commit = await Replacing.ConfirmAsync(sender, commit, cancellationToken);
        var record = await services.Store.CommitAsync(write, commit with { ETag = received.ETag, Checksums = received.Checksums }, cancellationToken);
        StoredAnswer.WriteHeaders(call, bucket, record);
        await RespondAsync(call, form, bucket.Name, record, cancellationToken);
    }

    private static PostPolicy? PolicyOf(PostForm form)
    {
        if (form.Field("policy") is not { } policy)
            return null;
        byte[] json = new byte[policy.Length];
        return Convert.TryFromBase64String(policy, json, out int length)
            ? PostPolicy.Parse(json.AsMemory(0, length))
            : throw new S3Exception(S3Error.InvalidPolicyDocument, "Invalid Policy: it is not base64.");
    }

    private static async ValueTask<Caller> SignerAsync(S3Call call, PostForm form, CancellationToken cancellationToken)
    {
        string policy = form.Field("policy")!;
        string? token = form.Field("x-amz-security-token");
        if (form.Field("AWSAccessKeyId") is { } key)
        {
            return await call.Services.Authenticator.AuthenticateFormAsync(
                key, token, secret => SignatureV2.Sign(secret, policy), Required(form, "signature"), call.Request, call.RequestId, cancellationToken);
        }

        var scope = CredentialScope.TryParse(Required(form, "x-amz-credential"))
            ?? throw new S3Exception(S3Error.InvalidArgument, "The form's x-amz-credential is mal-formed.").With("ArgumentName", "x-amz-credential");
        if (Required(form, "x-amz-algorithm") != SignatureV4Claim.Algorithm)
            throw new S3Exception(S3Error.InvalidArgument, $"x-amz-algorithm only supports \"{SignatureV4Claim.Algorithm}\".").With("ArgumentName", "x-amz-algorithm");
        return await call.Services.Authenticator.AuthenticateFormAsync(
            scope.AccessKeyId, token, secret => SignatureV4.Sign(SignatureV4.SigningKey(secret, scope), policy), Required(form, "x-amz-signature"),
            call.Request, call.RequestId, cancellationToken);
    }

    private static string Required(PostForm form, string field)
        => form.Field(field) ?? throw new S3Exception(S3Error.InvalidArgument, $"Bucket POST must contain a field named '{field}'.  If it is specified, please check the order of the fields.")
            .With("ArgumentName", field).With("ArgumentValue", "");

    private static CannedAcl? Acl(PostForm form)
        => form.Field("acl") is not { } name ? null
            : CannedAcl.Find(name) ?? throw new S3Exception(S3Error.InvalidArgument, $"'{name}' is not a canned ACL.").With("ArgumentName", "acl").With("ArgumentValue", name);

    private static HeaderDictionary Headers(PostForm form)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in form.Fields)
            headers[name.Equals("acl", StringComparison.OrdinalIgnoreCase) ? CannedAcl.Header : name] = value;
        return headers;
    }

    private static async ValueTask RespondAsync(S3Call call, PostForm form, string bucket, ObjectRecord record, CancellationToken cancellationToken)
    {
        var request = call.Request.Http.Request;
        string location = $"{request.Scheme}://{request.Host}/{(call.Request.Address.IsVirtualHost ? "" : bucket + "/")}{PercentCoding.Encode(record.Key, true)}";
        if ((form.Field("success_action_redirect") ?? form.Field("redirect")) is { } redirect && Uri.TryCreate(redirect, UriKind.Absolute, out var target)
            && target.Scheme is ("http" or "https"))
        {
            call.Response.Headers.Location = $"{redirect}{(target.Query.Length == 0 ? "?" : "&")}bucket={bucket}&key={PercentCoding.Encode(record.Key, false)}&etag=%22{record.ETag}%22";
            call.Respond(StatusCodes.Status303SeeOther);
            return;
        }

        call.Response.Headers.Location = location;
        if (form.Field("success_action_status") == "201")
        {
            var xml = new XmlAnswer().Open("PostResponse").Element("Location", location).Element("Bucket", bucket).Element("Key", record.Key)
                .Element("ETag", ObjectHeaders.Quoted(record.ETag)).Close();
            await call.RespondAsync(StatusCodes.Status201Created, XmlAnswer.ContentType, xml.ToUtf8(), cancellationToken);
            return;
        }

        call.Respond(form.Field("success_action_status") == "200" ? StatusCodes.Status200OK : StatusCodes.Status204NoContent);
    }
}
