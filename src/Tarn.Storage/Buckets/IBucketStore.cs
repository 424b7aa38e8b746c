using System.Collections.Immutable;

namespace Tarn.Storage.Buckets;

/// <summary>
/// Buckets, objects, versions and multipart uploads with the meaning that Amazon S3 gives them (docs.aws.amazon.com/AmazonS3/latest/API).
/// What a call has acknowledged survives a power cut; what it has not is there whole or not at all. Calls for one key take effect one after
/// another. Every method throws <see cref="BucketStoreException"/> with the <see cref="BucketFault"/> named at it, NoSuchBucket among them, and
/// <see cref="Core.Errors.TarnException"/> when the disk is full, unreachable or damaged.
/// </summary>
public interface IBucketStore
{
    /// <summary>Creates a bucket.</summary>
    /// <param name="bucket">Its name and first configuration; the time of creation is set by the store.</param>
    /// <param name="cancellationToken">Cancels before anything was done.</param>
    /// <exception cref="BucketStoreException">BucketAlreadyExists, InvalidBucketName, InvalidBucketState for object lock without versioning.</exception>
    ValueTask<BucketRecord> CreateBucketAsync(BucketRecord bucket, CancellationToken cancellationToken = default);

    /// <summary>A bucket, or null when there is none. Completes at once.</summary>
    ValueTask<BucketRecord?> FindBucketAsync(string bucket, CancellationToken cancellationToken = default);

    /// <summary>All buckets in order of their names.</summary>
    ValueTask<IReadOnlyList<BucketRecord>> ListBucketsAsync(CancellationToken cancellationToken = default);

    /// <summary>Changes the configuration of a bucket as one step.</summary>
    /// <param name="bucket">Its name.</param>
    /// <param name="change">Gives the new configuration for the present one; may throw to refuse. Name and time stay what they are.</param>
    /// <param name="cancellationToken">Cancels before anything was done.</param>
    /// <exception cref="BucketStoreException">InvalidBucketState for versioning switched off again, or suspended under object lock.</exception>
    ValueTask<BucketRecord> UpdateBucketAsync(string bucket, Func<BucketRecord, BucketRecord> change, CancellationToken cancellationToken = default);

    /// <summary>Removes an empty bucket. The bucket <c>lake</c> stays.</summary>
    /// <exception cref="BucketStoreException">BucketNotEmpty; InvalidBucketState for <c>lake</c>.</exception>
    ValueTask DeleteBucketAsync(string bucket, CancellationToken cancellationToken = default);

    /// <summary>Counters of a bucket. Completes at once.</summary>
    ValueTask<BucketUsage> ReadUsageAsync(string bucket, CancellationToken cancellationToken = default);

    /// <summary>A version of an object.</summary>
    /// <param name="bucket">Name of the bucket.</param>
    /// <param name="key">Key of the object.</param>
    /// <param name="versionId">The version; null for the newest, which may be a delete marker.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The record, a delete marker included; null when there is no such version.</returns>
    ValueTask<ObjectRecord?> HeadAsync(string bucket, string key, string? versionId = null, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="HeadAsync"/>, and opens the bytes.</summary>
    /// <exception cref="BucketStoreException">ObjectDamaged when the bytes were found damaged or are missing.</exception>
    ValueTask<ObjectReader?> OpenAsync(string bucket, string key, string? versionId = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Checksums of a version: those of its record; else a CRC-32C over all bytes, as files have it that were never uploaded. It is computed when it is needed
    /// for the first time, which reads the object once, and kept.
    /// </summary>
    /// <param name="bucket">Name of the bucket.</param>
    /// <param name="record">A version as it was read.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Empty for a delete marker and for a version that was replaced since.</returns>
    /// <exception cref="BucketStoreException">ObjectDamaged.</exception>
    ValueTask<ImmutableArray<ObjectChecksum>> ReadChecksumsAsync(string bucket, ObjectRecord record, CancellationToken cancellationToken = default);

    /// <summary>Begins to write an object or part.</summary>
    /// <param name="bucket">Name of the bucket.</param>
    /// <param name="expectedSizeBytes">Length when known, so that what cannot fit is refused before it is sent, and what fits keeps its place under the quota; null when not: then it is refused as soon as it has grown too long.</param>
    /// <param name="target">What it will be, so that what it replaces counts as free; null when not known before the commit.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="BucketStoreException">QuotaExceeded, EntityTooLarge; KeyTooLong or InvalidKey of the target.</exception>
    ValueTask<ObjectWrite> BeginWriteAsync(string bucket, long? expectedSizeBytes = null, WriteTarget? target = null, CancellationToken cancellationToken = default);

    /// <summary>Makes what was written the newest version of a key. Durable when it returns. The write is consumed.</summary>
    /// <exception cref="BucketStoreException">KeyTooLong, InvalidKey, PreconditionFailed, ConditionalConflict, NoSuchKey (If-Match without an object), QuotaExceeded, InvalidBucketState for retention without object lock.</exception>
    ValueTask<ObjectRecord> CommitAsync(ObjectWrite write, ObjectCommit commit, CancellationToken cancellationToken = default);

    /// <summary>Deletes a key or removes a version.</summary>
    /// <exception cref="BucketStoreException">ObjectLocked, PreconditionFailed.</exception>
    ValueTask<DeleteOutcome> DeleteAsync(string bucket, string key, ObjectDelete delete, CancellationToken cancellationToken = default);

    /// <summary>Changes headers, user metadata, tags, checksums, retention or legal hold of a version as one step; everything else stays.</summary>
    /// <param name="bucket">Name of the bucket.</param>
    /// <param name="key">Key of the object.</param>
    /// <param name="versionId">The version; null for the newest.</param>
    /// <param name="change">Gives the new record for the present one; may throw to refuse.</param>
    /// <param name="bypassesGovernance">Whether governance retention may be shortened.</param>
    /// <param name="cancellationToken">Cancels before anything was done.</param>
    /// <exception cref="BucketStoreException">NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker, ObjectLocked, InvalidBucketState for retention without object lock.</exception>
    ValueTask<ObjectRecord> UpdateAsync(
        string bucket, string key, string? versionId, Func<ObjectRecord, ObjectRecord> change, bool bypassesGovernance = false, CancellationToken cancellationToken = default);

    /// <summary>Lists objects, or versions.</summary>
    ValueTask<ObjectPage> ListAsync(string bucket, ObjectQuery query, CancellationToken cancellationToken = default);

    /// <summary>Begins a multipart upload. <see cref="UploadRecord.UploadId"/> and the time are set by the store.</summary>
    /// <exception cref="BucketStoreException">KeyTooLong, InvalidKey, InvalidBucketState for retention without object lock.</exception>
    ValueTask<UploadRecord> CreateUploadAsync(string bucket, UploadRecord upload, CancellationToken cancellationToken = default);

    /// <summary>Stores what was written as a part; an earlier part of that number is replaced. Durable when it returns. The write is consumed.</summary>
    /// <param name="write">The bytes.</param>
    /// <param name="key">Key of the upload.</param>
    /// <param name="uploadId">The upload.</param>
    /// <param name="part">Number, ETag and checksums.</param>
    /// <param name="cancellationToken">Cancels before anything was done.</param>
    /// <exception cref="BucketStoreException">NoSuchUpload, InvalidPartNumber, QuotaExceeded.</exception>
    ValueTask<UploadPart> CommitPartAsync(ObjectWrite write, string key, string uploadId, PartReference part, CancellationToken cancellationToken = default);

    /// <summary>Parts of an upload with numbers greater than <paramref name="afterNumber"/>.</summary>
    /// <exception cref="BucketStoreException">NoSuchUpload.</exception>
    ValueTask<PartPage> ListPartsAsync(string bucket, string key, string uploadId, int afterNumber = 0, int limit = BucketLimits.PageEntries, CancellationToken cancellationToken = default);

    /// <summary>Puts the named parts together as the newest version of the key; other parts are dropped. Completing again what was completed gives the same object.</summary>
    /// <exception cref="BucketStoreException">NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, EntityTooLarge, PreconditionFailed, ConditionalConflict, NoSuchKey (If-Match without an object).</exception>
    ValueTask<ObjectRecord> CompleteUploadAsync(string bucket, string key, string uploadId, UploadCompletion completion, CancellationToken cancellationToken = default);

    /// <summary>Drops an upload and its parts.</summary>
    /// <exception cref="BucketStoreException">NoSuchUpload.</exception>
    ValueTask AbortUploadAsync(string bucket, string key, string uploadId, CancellationToken cancellationToken = default);

    /// <summary>Lists uploads.</summary>
    ValueTask<UploadPage> ListUploadsAsync(string bucket, UploadQuery query, CancellationToken cancellationToken = default);
}
