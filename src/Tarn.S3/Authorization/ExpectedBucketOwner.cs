using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Authorization;

/// <summary>Whose a bucket is, and the headers by which a client says whose it believes it to be ("Verifying bucket ownership with bucket owner condition").</summary>
internal static class ExpectedBucketOwner
{
    /// <summary>About the bucket of the request: an account of 12 digits.</summary>
    public const string Header = "x-amz-expected-bucket-owner";

    /// <summary>About the source of a copy.</summary>
    public const string SourceHeader = "x-amz-source-expected-bucket-owner";

    /// <summary>Refuses a bucket of another account than the header names.</summary>
    /// <exception cref="S3Exception">AccessDenied.</exception>
    public static async ValueTask CheckAsync(S3Call call, string header, BucketRecord bucket, CancellationToken cancellationToken)
    {
        if (call.Request.Header(header) is { Length: > 0 } expected && expected != await AccountAsync(call, bucket, cancellationToken))
            throw new S3Exception(S3Error.AccessDenied);
    }

    /// <summary>Whether a bucket belongs to the caller's account.</summary>
    public static async ValueTask<bool> OwnsAsync(this S3Call call, BucketRecord bucket, CancellationToken cancellationToken)
        => call.Caller is { } caller && (bucket.Owner == caller.CanonicalId || await AccountAsync(call, bucket, cancellationToken) == caller.AccountId);

    private static async ValueTask<string?> AccountAsync(S3Call call, BucketRecord bucket, CancellationToken cancellationToken)
        => (await call.Services.Access.FindOwnerAsync(bucket.Owner, cancellationToken))?.AccountId;
}
