namespace Tarn.Storage.Buckets.Events;

/// <summary>Something that happened to an object and is durable.</summary>
/// <param name="Kind">What.</param>
/// <param name="Bucket">Where.</param>
/// <param name="Record">The version concerned: the new one, the removed one, or the delete marker.</param>
/// <param name="Time">UTC.</param>
public sealed record ObjectEvent(ObjectEventKind Kind, string Bucket, ObjectRecord Record, DateTimeOffset Time);

/// <summary>Kinds of events, as S3 tells them apart.</summary>
public enum ObjectEventKind
{
    /// <summary>An object was put or copied.</summary>
    Put,

    /// <summary>A multipart upload was completed.</summary>
    CompleteMultipartUpload,

    /// <summary>A file that another program wrote became an object.</summary>
    Adopted,

    /// <summary>A version was removed for good.</summary>
    Delete,

    /// <summary>A delete marker was made.</summary>
    DeleteMarkerCreated,
}
