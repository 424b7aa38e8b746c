namespace Tarn.Storage.Buckets;

/// <summary>Why a bucket store refused: one name for each outcome that the S3 protocol tells apart.</summary>
public enum BucketFault
{
    /// <summary>The bucket does not exist.</summary>
    NoSuchBucket,

    /// <summary>The name breaks the rules for bucket names.</summary>
    InvalidBucketName,

    /// <summary>A bucket of this name exists already.</summary>
    BucketAlreadyExists,

    /// <summary>The bucket still holds objects, versions, delete markers or uploads.</summary>
    BucketNotEmpty,

    /// <summary>The bucket is in a state that does not allow the request, e.g. versioning cannot be suspended under object lock.</summary>
    InvalidBucketState,

    /// <summary>The bucket's quota would be exceeded.</summary>
    QuotaExceeded,

    /// <summary>The key is longer than 1,024 bytes of UTF-8.</summary>
    KeyTooLong,

    /// <summary>The key is empty or not valid Unicode.</summary>
    InvalidKey,

    /// <summary>No object of this key.</summary>
    NoSuchKey,

    /// <summary>No version of this id.</summary>
    NoSuchVersion,

    /// <summary>The request is not possible on a delete marker.</summary>
    MethodNotAllowed,

    /// <summary>Retention or a legal hold protects the version.</summary>
    ObjectLocked,

    /// <summary>If-Match or If-None-Match does not hold.</summary>
    PreconditionFailed,

    /// <summary>Another conditional request for the same key was under way; read again and repeat.</summary>
    ConditionalConflict,

    /// <summary>No multipart upload of this id for this key: never begun, completed or aborted.</summary>
    NoSuchUpload,

    /// <summary>A part named by a completion does not exist or has another ETag or checksum.</summary>
    InvalidPart,

    /// <summary>The parts of a completion are not in ascending order.</summary>
    InvalidPartOrder,

    /// <summary>The part number is not between 1 and 10,000.</summary>
    InvalidPartNumber,

    /// <summary>A part other than the last is smaller than 5 MiB.</summary>
    EntityTooSmall,

    /// <summary>The object or part is larger than the limit.</summary>
    EntityTooLarge,

    /// <summary>The stored bytes are not what was put: quarantined by the scrubber, or missing on disk.</summary>
    ObjectDamaged,
}
