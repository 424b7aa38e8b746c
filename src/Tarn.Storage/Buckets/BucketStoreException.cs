using Tarn.Core.Errors;

namespace Tarn.Storage.Buckets;

/// <summary>A refusal of the bucket store, with the <see cref="BucketFault"/> that a protocol maps to its own code.</summary>
public sealed class BucketStoreException(BucketFault fault, string message, Exception? cause = null)
    : TarnException(KindOf(fault), message, cause)
{
    /// <summary>What was refused.</summary>
    public BucketFault Fault { get; } = fault;

    private static ErrorKind KindOf(BucketFault fault) => fault switch
    {
        BucketFault.NoSuchBucket or BucketFault.NoSuchKey or BucketFault.NoSuchVersion or BucketFault.NoSuchUpload => ErrorKind.NotFound,
        BucketFault.BucketAlreadyExists => ErrorKind.AlreadyExists,
        BucketFault.ObjectLocked => ErrorKind.PermissionDenied,
        BucketFault.BucketNotEmpty or BucketFault.PreconditionFailed or BucketFault.ConditionalConflict => ErrorKind.Conflict,
        BucketFault.QuotaExceeded => ErrorKind.ResourceExhausted,
        BucketFault.ObjectDamaged => ErrorKind.DataCorrupted,
        _ => ErrorKind.InvalidRequest,
    };
}
