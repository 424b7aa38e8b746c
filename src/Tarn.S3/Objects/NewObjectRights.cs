using Microsoft.AspNetCore.Http;
using Tarn.S3.Authorization;
using Tarn.S3.Operations;

namespace Tarn.S3.Objects;

/// <summary>What a caller needs beside <c>s3:PutObject</c> when a new object brings tags, an ACL or a lock ("Required permissions for Amazon S3 API operations").</summary>
internal static class NewObjectRights
{
    private static readonly (string Header, string Action)[] s_further =
    [
        ("x-amz-tagging", "s3:PutObjectTagging"), ("x-amz-acl", "s3:PutObjectAcl"), ("x-amz-object-lock-mode", "s3:PutObjectRetention"),
        ("x-amz-object-lock-legal-hold", "s3:PutObjectLegalHold"),
    ];

    /// <summary>Asks for each of them; a bucket that everybody may write by its ACL asks for no more.</summary>
    /// <exception cref="Errors.S3Exception">AccessDenied.</exception>
    public static async ValueTask RequireAsync(S3Call call, IHeaderDictionary headers, string key, CancellationToken cancellationToken)
    {
        if (CannedAcl.Of(await call.BucketAsync(cancellationToken)).IsWritable)
            return;
        foreach (var (header, action) in s_further)
        {
            if (headers.ContainsKey(header))
                await call.AuthorizeAsync(new(action, call.Request.Bucket, key), cancellationToken: cancellationToken);
        }
    }
}
