namespace Tarn.Storage.Buckets;

/// <summary>Limits of the store; where S3 has the same one, its value (docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).</summary>
public static class BucketLimits
{
    /// <summary>Longest key, in bytes of UTF-8.</summary>
    public const int KeyBytes = 1024;

    /// <summary>Most objects and common prefixes of one page.</summary>
    public const int PageEntries = 1000;

    /// <summary>Highest part number; the lowest is 1.</summary>
    public const int PartNumber = 10_000;

    /// <summary>Smallest part that is not the last one.</summary>
    public const long SmallestPartBytes = 5L << 20;

    /// <summary>Largest object.</summary>
    public const long ObjectBytes = 5L << 40;

    /// <summary>Headers, user metadata, tags and checksums of one object together.</summary>
    public const int MetadataBytes = 32 << 10;

    /// <summary>All documents of one bucket together.</summary>
    public const int DocumentBytes = 1 << 20;
}
