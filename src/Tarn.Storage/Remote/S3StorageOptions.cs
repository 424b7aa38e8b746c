using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Remote;

/// <summary>A bucket of any S3 service that holds the lake: <c>storage.s3</c> in <c>tarn.yaml</c>.</summary>
public sealed record S3StorageOptions : S3ServiceOptions
{
    /// <summary>The bucket; it must exist.</summary>
    public required string Bucket { get; init; }

    /// <summary>Where in the bucket tables are created; empty for its root. No slash at either end.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// Whether new objects are written with <c>If-None-Match: *</c>. Default yes; a store that ignores it is refused at start.
    /// Without it two writers could overwrite each other's file of one name; Tarn's own file names never meet.
    /// </summary>
    public bool ConditionalWrites { get; init; } = true;

    /// <summary>Where a new lake creates its tables.</summary>
    public string WarehouseLocation => Prefix.Length == 0 ? $"s3://{Bucket}" : $"s3://{Bucket}/{Prefix}";

    /// <summary>Why a text is no name of a bucket, without a full stop; null when it is one.</summary>
    public static string? FindBucketProblem(string bucket) =>
        BucketNames.BrokenForm(bucket) is { } rule ? $"'{bucket}' is no name of a bucket: {rule}" : null;

    /// <summary>Why a text is no prefix, without a full stop; null when it is one.</summary>
    public static string? FindPrefixProblem(string prefix) =>
        prefix.StartsWith('/') || prefix.EndsWith('/') ? $"'{prefix}' has a slash at an end; write it without" : null;

    /// <inheritdoc/>
    protected override IEnumerable<string> Problems()
    {
        foreach (string problem in base.Problems())
            yield return "storage.s3." + problem;
        if (FindBucketProblem(Bucket) is { } bucket)
            yield return $"storage.s3.bucket: {bucket}";
        if (FindPrefixProblem(Prefix) is { } prefix)
            yield return $"storage.s3.prefix: {prefix}";
    }
}
