using Tarn.Core.Errors;

namespace Tarn.Storage.Remote;

/// <summary>A bucket of any S3 service that holds the lake: <c>storage.s3</c> in <c>tarn.yaml</c>.</summary>
public sealed record S3StorageOptions
{
    /// <summary>Address of the service, e.g. <c>https://minio.example:9000</c>; null for AWS itself in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Region that requests are signed for. Default <c>us-east-1</c>, which most services other than AWS accept.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>The bucket; it must exist.</summary>
    public required string Bucket { get; init; }

    /// <summary>Where in the bucket tables are created; empty for its root. No slash at either end.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Whether the bucket stands in the path instead of the host name. Default: yes with an <see cref="Endpoint"/>, no on AWS.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>Where the keys come from.</summary>
    public S3CredentialSource Credentials { get; init; } = S3CredentialSource.Default;

    /// <summary>Name of the profile, or path of the file in the form of <c>~/.aws/credentials</c>, for sources that need one.</summary>
    public string? CredentialsName { get; init; }

    /// <summary>
    /// Whether new objects are written with <c>If-None-Match: *</c>. Default yes; a store that ignores it is refused at start.
    /// Without it two writers could overwrite each other's file of one name; Tarn's own file names never meet.
    /// </summary>
    public bool ConditionalWrites { get; init; } = true;

    /// <summary>Where a new lake creates its tables.</summary>
    public string WarehouseLocation => Prefix.Length == 0 ? $"s3://{Bucket}" : $"s3://{Bucket}/{Prefix}";

    /// <summary>Whether requests name the bucket in their path.</summary>
    public bool IsPathStyle => PathStyle ?? Endpoint is not null;

    /// <exception cref="TarnException">InvalidRequest naming every setting that is wrong.</exception>
    public void Validate()
    {
        var wrong = new List<string>();
        if (string.IsNullOrWhiteSpace(Bucket) || Bucket.Contains('/', StringComparison.Ordinal))
            wrong.Add($"storage.s3.bucket is '{Bucket}': give the name of an existing bucket, without a path");
        if (Endpoint is { } endpoint && endpoint.Scheme is not ("http" or "https"))
            wrong.Add($"storage.s3.endpoint is '{endpoint}': give an address like https://host:9000");
        if (Endpoint is { AbsolutePath: not "/" } withPath)
            wrong.Add($"storage.s3.endpoint '{withPath}' has a path; name the service alone, the bucket is a setting of its own");
        if (Prefix.StartsWith('/') || Prefix.EndsWith('/'))
            wrong.Add($"storage.s3.prefix is '{Prefix}': write it without slashes at its ends");
        if (Credentials is S3CredentialSource.Profile or S3CredentialSource.File && string.IsNullOrEmpty(CredentialsName))
            wrong.Add($"storage.s3.credentials is '{Credentials}' and needs a name: 'profile:NAME' or 'file:PATH'");
        if (wrong.Count > 0)
            throw TarnException.Invalid(string.Join("; ", wrong) + ".");
    }
}

/// <summary>Where the keys for a remote store come from. Keys never stand in the configuration itself.</summary>
public enum S3CredentialSource
{
    /// <summary>As AWS's own tools look for them: environment, profile files, container and instance roles.</summary>
    Default,

    /// <summary><c>AWS_ACCESS_KEY_ID</c>, <c>AWS_SECRET_ACCESS_KEY</c> and, for temporary keys, <c>AWS_SESSION_TOKEN</c>.</summary>
    Environment,

    /// <summary>A named profile of <c>~/.aws</c>.</summary>
    Profile,

    /// <summary>The default profile of a file in the form of <c>~/.aws/credentials</c>.</summary>
    File,

    /// <summary>Requests are not signed: public buckets, reading only.</summary>
    Anonymous,
}
