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

    /// <inheritdoc/>
    protected override IEnumerable<string> Problems()
    {
        foreach (string problem in base.Problems())
            yield return "storage.s3." + problem;
        if (string.IsNullOrWhiteSpace(Bucket) || Bucket.Contains('/', StringComparison.Ordinal))
            yield return $"storage.s3.bucket is '{Bucket}': give the name of an existing bucket, without a path";
        if (Prefix.StartsWith('/') || Prefix.EndsWith('/'))
            yield return $"storage.s3.prefix is '{Prefix}': write it without slashes at its ends";
    }
}
