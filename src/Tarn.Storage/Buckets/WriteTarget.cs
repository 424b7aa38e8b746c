namespace Tarn.Storage.Buckets;

/// <summary>What bytes are to become, so that a quota counts what they replace as free.</summary>
/// <param name="Key">Key of the object, or of the upload.</param>
/// <param name="UploadId">The upload that the part belongs to; null for an object.</param>
/// <param name="PartNumber">Number of the part; 0 for an object.</param>
public readonly record struct WriteTarget(string Key, string? UploadId = null, int PartNumber = 0);
