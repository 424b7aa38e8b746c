using System.Globalization;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Tarn.Core.Errors;

namespace Tarn.Storage.Remote;

/// <summary>Makes clients of AWS's SDK from options.</summary>
internal static class S3Clients
{
    // A query opens many files at once; more connections than this only queue at the service.
    private const int ConnectionLimit = 64;
    private const int RetryLimit = 4;

    /// <exception cref="TarnException">InvalidRequest for options, Unauthenticated when the keys cannot be found.</exception>
    public static AmazonS3Client Create(S3ServiceOptions options)
    {
        options.Validate();
        return new AmazonS3Client(FindCredentials(options), Configure(options));
    }

    /// <exception cref="TarnException">InvalidRequest for options.</exception>
    public static AmazonS3Client Create(S3ServiceOptions options, string accessKey, string secretKey, string? sessionToken)
    {
        options.Validate();
        AWSCredentials keys = sessionToken is null ? new BasicAWSCredentials(accessKey, secretKey) : new SessionAWSCredentials(accessKey, secretKey, sessionToken);
        return new AmazonS3Client(keys, Configure(options));
    }

    private static AmazonS3Config Configure(S3ServiceOptions options)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.IsPathStyle,
            MaxErrorRetry = RetryLimit,
            RetryMode = RequestRetryMode.Standard,
            MaxConnectionsPerServer = ConnectionLimit,
            // Stores older than the checksum headers refuse them; every file is verified by its own format instead.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = options.Region;
            config.UseHttp = endpoint.Scheme == "http";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return config;
    }

    private static AWSCredentials FindCredentials(S3ServiceOptions options) => options.Credentials switch
    {
        S3CredentialSource.Anonymous => new AnonymousAWSCredentials(),
        S3CredentialSource.Environment => FromEnvironment(),
        S3CredentialSource.Profile => FromChain(new CredentialProfileStoreChain(), options.CredentialsName!, "~/.aws"),
        S3CredentialSource.File => FromFile(options.CredentialsName!),
        S3CredentialSource.Default => FromDefaultChain(options.Endpoint is null),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Credentials, null),
    };

    private static EnvironmentVariablesAWSCredentials FromEnvironment()
    {
        try
        {
            return new EnvironmentVariablesAWSCredentials();
        }
        catch (Exception error) when (error is InvalidOperationException or AmazonClientException)
        {
            throw Missing("The setting credentials is 'environment', and AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set", error);
        }
    }

    private static AWSCredentials FromFile(string path) => File.Exists(path)
        ? FromChain(new CredentialProfileStoreChain(path), SharedCredentialsFile.DefaultProfileName, path)
        : throw Missing($"The setting credentials names the file '{path}', which does not exist", null);

    private static AWSCredentials FromChain(CredentialProfileStoreChain chain, string profile, string place) =>
        chain.TryGetAWSCredentials(profile, out var found)
            ? found
            : throw Missing(string.Create(CultureInfo.InvariantCulture, $"There is no profile '{profile}' with keys in {place}"), null);

    // The SDK's own chain ends with asking the network of a cloud for a role, which takes seconds where there is none.
    private static AWSCredentials FromDefaultChain(bool isAws)
    {
        if (Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") is { Length: > 0 })
            return FromEnvironment();
        string profile = Environment.GetEnvironmentVariable("AWS_PROFILE") ?? SharedCredentialsFile.DefaultProfileName;
        if (new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var found))
            return found;
        if (!isAws)
            throw Missing("No keys were found for the S3 service", null);
        try
        {
            return Amazon.Runtime.Credentials.DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
        catch (AmazonClientException error)
        {
            throw Missing("No keys were found for the S3 service", error);
        }
    }

    private static TarnException Missing(string problem, Exception? cause) => new(
        ErrorKind.Unauthenticated,
        $"{problem}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE (a lake in a bucket: storage.s3.credentials). "
        + "For Tarn's own server 'tarn key create USER' makes a key, and AWS_SHARED_CREDENTIALS_FILE=tarn-data/.keys/root-credentials takes that of root.",
        cause);
}
