using Microsoft.AspNetCore.Http;
using Tarn.Core.Errors;
using Tarn.S3.Errors;
using Tarn.Storage.Buckets;

namespace Tarn.S3;

/// <summary>Gives every failure its code in the S3 API.</summary>
internal static class S3ErrorMapping
{
    /// <summary>The code of a refusal of the bucket store.</summary>
    public static S3Error Of(BucketFault fault) => fault switch
    {
        BucketFault.NoSuchBucket => S3Error.NoSuchBucket,
        BucketFault.InvalidBucketName => S3Error.InvalidBucketName,
        BucketFault.BucketAlreadyExists => S3Error.BucketAlreadyExists,
        BucketFault.BucketNotEmpty => S3Error.BucketNotEmpty,
        BucketFault.InvalidBucketState => S3Error.InvalidBucketState,
        BucketFault.QuotaExceeded => S3Error.QuotaExceeded,
        BucketFault.KeyTooLong => S3Error.KeyTooLongError,
        BucketFault.InvalidKey => S3Error.InvalidArgument,
        BucketFault.NoSuchKey => S3Error.NoSuchKey,
        BucketFault.NoSuchVersion => S3Error.NoSuchVersion,
        BucketFault.MethodNotAllowed => S3Error.MethodNotAllowed,
        BucketFault.ObjectLocked => S3Error.AccessDenied,
        BucketFault.PreconditionFailed => S3Error.PreconditionFailed,
        BucketFault.ConditionalConflict => S3Error.ConditionalRequestConflict,
        BucketFault.NoSuchUpload => S3Error.NoSuchUpload,
        BucketFault.InvalidPart => S3Error.InvalidPart,
        BucketFault.InvalidPartOrder => S3Error.InvalidPartOrder,
        BucketFault.InvalidPartNumber => S3Error.InvalidArgument,
        BucketFault.EntityTooSmall => S3Error.EntityTooSmall,
        BucketFault.EntityTooLarge => S3Error.EntityTooLarge,
        BucketFault.ObjectDamaged => S3Error.InternalError,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    /// <summary>The code of an operating error that says no more than its kind.</summary>
    public static S3Error Of(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidRequest => S3Error.InvalidRequest,
        ErrorKind.Unauthenticated => S3Error.AccessDenied,
        ErrorKind.PermissionDenied => S3Error.AccessDenied,
        ErrorKind.NotFound => S3Error.NoSuchKey,
        ErrorKind.AlreadyExists => S3Error.OperationAborted,
        ErrorKind.Conflict => S3Error.OperationAborted,
        ErrorKind.ResourceExhausted => S3Error.StorageFull,
        ErrorKind.Unavailable => S3Error.ServiceUnavailable,
        ErrorKind.Unsupported => S3Error.NotImplemented,
        ErrorKind.DataCorrupted => S3Error.InternalError,
        ErrorKind.Internal => S3Error.InternalError,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Any failure as one that can be answered. A defect says nothing of its inside; the log does.</summary>
    public static S3Exception Translate(Exception failure) => failure switch
    {
        S3Exception known => known,
        BucketStoreException refused => new(Of(refused.Fault), ClientMessages.Of(refused), refused),
        TarnException { Kind: ErrorKind.DataCorrupted or ErrorKind.Internal } broken => new(S3Error.InternalError, null, broken),
        TarnException operating => new(Of(operating.Kind), ClientMessages.Of(operating), operating),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large => new(S3Error.EntityTooLarge, null, large),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } slow => new(S3Error.RequestTimeout, null, slow),
        BadHttpRequestException broken => new(S3Error.IncompleteBody, broken.Message, broken),
        _ => new(S3Error.InternalError, null, failure),
    };
}
