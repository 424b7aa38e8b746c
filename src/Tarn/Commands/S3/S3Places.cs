using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Storage.Remote;
using Tarn.Storage.Transfer;

namespace Tarn.Commands.S3;

/// <summary>
/// Understands the places of a command line: <c>s3://bucket/key</c> at the service of <c>--endpoint-url</c>, <c>ALIAS:bucket/key</c> at a
/// named one, everything else on the local disk. Connections end with it.
/// </summary>
internal sealed class S3Places(ParsedCommand words, S3Aliases aliases) : IDisposable
{
    /// <summary>Where <c>tarn up</c> serves S3 unless told otherwise.</summary>
    public const string DefaultEndpoint = "http://127.0.0.1:9000";

    private const string Scheme = "s3://";
    private readonly Dictionary<string, S3Service> _services = new(StringComparer.Ordinal);

    /// <summary>Options of every command of the group.</summary>
    public static IReadOnlyList<OptionSpec> Options { get; } =
    [
        new OptionSpec("endpoint-url", "URL", $"service that s3:// means (default: AWS_ENDPOINT_URL, else {DefaultEndpoint}; 'aws' is AWS)"),
        new OptionSpec("region", "REGION", "region that requests are signed for (default: AWS_REGION, else us-east-1)"),
        new OptionSpec("profile", "NAME", "profile of ~/.aws with the keys (default: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, else AWS_PROFILE, else default)"),
    ];

    /// <summary>A place of either kind.</summary>
    /// <exception cref="TarnException">InvalidRequest for an unknown alias.</exception>
    public TransferEnd Find(string text) => IsRemote(text) ? FindRemote(text) : new LocalEnd(text);

    /// <summary>A place in a bucket, or the service itself.</summary>
    /// <exception cref="UsageException">It is a local path.</exception>
    /// <exception cref="TarnException">InvalidRequest for an unknown alias.</exception>
    public S3End FindRemote(string text)
    {
        if (!IsRemote(text))
            throw new UsageException($"'{text}' is no place in a bucket: write s3://bucket/key, or ALIAS:bucket/key after 'tarn s3 alias'");
        bool isDefault = text.StartsWith(Scheme, StringComparison.Ordinal);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string rest = isDefault ? text[Scheme.Length..] : text[(colon + 1)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string bucket = slash < 0 ? rest : rest[..slash];
        return new S3End(Service(isDefault ? "" : text[..colon]), bucket, slash < 0 ? "" : rest[(slash + 1)..], text);
    }

    /// <summary>A place in a bucket.</summary>
    /// <exception cref="UsageException">It names no bucket.</exception>
    public S3End FindBucket(string text) => FindRemote(text) is { Bucket.Length: > 0 } found
        ? found
        : throw new UsageException($"'{text}' names no bucket: write s3://bucket");

    /// <summary>A place of one object.</summary>
    /// <exception cref="UsageException">It names no object.</exception>
    public S3End FindObject(string text) => FindBucket(text) is { Key.Length: > 0 } found
        ? found
        : throw new UsageException($"'{text}' is a bucket; name an object in it");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var service in _services.Values)
            service.Dispose();
    }

    // A drive letter of Windows is no alias: those have two characters at least.
    private static bool IsRemote(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 2 && text.AsSpan(0, colon).IndexOfAnyExcept(S3AliasCommand.NameCharacters) < 0;
    }

    private S3Service Service(string alias)
    {
        if (!_services.TryGetValue(alias, out var service))
            _services[alias] = service = alias.Length == 0 ? OpenDefault() : OpenAlias(alias);
        return service;
    }

    private S3Service OpenDefault()
    {
        string endpoint = words.Value("endpoint-url") ?? Variable("AWS_ENDPOINT_URL_S3") ?? Variable("AWS_ENDPOINT_URL") ?? DefaultEndpoint;
        string? profile = words.Value("profile");
        var options = new S3ServiceOptions
        {
            Endpoint = endpoint == "aws" ? null : ParseEndpoint(endpoint),
            Region = words.Value("region") ?? Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? "us-east-1",
            Credentials = profile is null ? S3CredentialSource.Default : S3CredentialSource.Profile,
            CredentialsName = profile,
        };
        return new S3Service(endpoint, options);
    }

    private S3Service OpenAlias(string name)
    {
        var all = aliases.Read();
        if (!all.TryGetValue(name, out var alias))
        {
            string known = all.Count == 0 ? "none is set" : $"set are {string.Join(", ", all.Keys)}";
            throw TarnException.Invalid($"There is no alias '{name}' ({known}). 'tarn s3 alias {name} URL --access-key KEY' sets it; a local file of that name is written ./{name}:…");
        }

        var options = new S3ServiceOptions
        {
            Endpoint = alias.Endpoint,
            Region = alias.Region,
            PathStyle = alias.PathStyle,
            Credentials = alias.Profile is null ? S3CredentialSource.Default : S3CredentialSource.Profile,
            CredentialsName = alias.Profile,
        };
        return alias is { AccessKey: { } access, SecretKey: { } secret } ? new S3Service(name, options, access, secret) : new S3Service(name, options);
    }

    /// <summary>An address from the command line.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    internal static Uri ParseEndpoint(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
        ? uri
        : throw new UsageException($"'{text}' is no address of a service: write http://host:9000, or aws");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
