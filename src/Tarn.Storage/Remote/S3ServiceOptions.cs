using Tarn.Core.Errors;

namespace Tarn.Storage.Remote;

/// <summary>An S3 service and where the keys for it come from.</summary>
public record S3ServiceOptions
{
    /// <summary>Address of the service, e.g. <c>https://minio.example:9000</c>; null for AWS itself in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Region that requests are signed for. Default <c>us-east-1</c>, which most services other than AWS accept.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Whether the bucket stands in the path instead of the host name. Default: yes with an <see cref="Endpoint"/>, no on AWS.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>Where the keys come from.</summary>
    public S3CredentialSource Credentials { get; init; } = S3CredentialSource.Default;

    /// <summary>Name of the profile, or path of the file in the form of <c>~/.aws/credentials</c>, for sources that need one.</summary>
    public string? CredentialsName { get; init; }

    /// <summary>Whether requests name the bucket in their path.</summary>
    public bool IsPathStyle => PathStyle ?? Endpoint is not null;

    /// <exception cref="TarnException">InvalidRequest naming every setting that is wrong.</exception>
    public void Validate()
    {
        var wrong = Problems().ToArray();
        if (wrong.Length > 0)
            throw TarnException.Invalid(string.Join("; ", wrong) + ".");
    }

    /// <summary>Why an address is none of an S3 service, without a full stop; null when it is one.</summary>
    public static string? FindEndpointProblem(Uri endpoint) => endpoint switch
    {
        { IsAbsoluteUri: true, UserInfo.Length: > 0 } => "has a name or password in it; keys are found through storage.s3.credentials, AWS's variables or its files",
        { IsAbsoluteUri: false } or { Scheme: not ("http" or "https") } => $"'{endpoint}' is not an http:// or https:// address; write one like https://host:9000",
        { PathAndQuery: not "/" } or { Fragment.Length: > 0 } => $"'{endpoint}' has a path; name the service alone",
        _ => null,
    };

    /// <summary>Why a text is no region to sign for, without a full stop; null when it is one. Services other than AWS have names of their own, such as <c>RegionOne</c>.</summary>
    public static string? FindRegionProblem(string region) =>
        region.Length > 0 && region.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? null : $"'{region}' is no region; it has letters, digits, hyphens and underscores, e.g. eu-central-1";

    /// <summary>What is wrong with the settings.</summary>
    protected virtual IEnumerable<string> Problems()
    {
        if (Endpoint is not null && FindEndpointProblem(Endpoint) is { } endpoint)
            yield return $"endpoint: {endpoint}";
        if (FindRegionProblem(Region) is { } region)
            yield return $"region: {region}";
        if (Credentials is S3CredentialSource.Profile or S3CredentialSource.File && string.IsNullOrEmpty(CredentialsName))
            yield return $"credentials is '{Credentials}' and needs a name: 'profile:NAME' or 'file:PATH'";
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

    /// <summary>Requests are not signed: for public buckets, which can be written too where their owner lets anybody.</summary>
    Anonymous,
}
