using System.Globalization;

namespace Tarn.Catalog;

/// <summary>How clients reach the S3 service that holds the files of tables; they are told with the configuration and with each table.</summary>
public sealed record ClientStorage
{
    /// <summary>Its address; null for a port on the host under which the client reached the catalog, or for AWS when there is no port either.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Port of Tarn's own S3 listener; null when the files lie elsewhere.</summary>
    public int? Port { get; init; }

    /// <summary>Whether Tarn's own S3 listener speaks TLS.</summary>
    public bool IsTls { get; init; }

    /// <summary>Region that requests are signed for.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Whether the bucket stands in the path instead of the host name.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>Client properties (Iceberg, "S3FileIO" and "FileIO" configuration).</summary>
    /// <param name="host">Host under which the client reached the catalog, without port.</param>
    internal IEnumerable<KeyValuePair<string, string>> Properties(string host)
    {
        string? endpoint = Endpoint?.ToString().TrimEnd('/')
            ?? (Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{(IsTls ? "https" : "http")}://{host}:{port}") : null);
        if (endpoint is not null)
            yield return new("s3.endpoint", endpoint);
        yield return new("s3.path-style-access", PathStyle ? "true" : "false");
        yield return new("s3.region", Region);
        yield return new("client.region", Region);
    }
}
