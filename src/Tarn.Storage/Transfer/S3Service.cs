using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Tarn.Core.Errors;
using Tarn.Storage.Remote;

namespace Tarn.Storage.Transfer;

/// <summary>A connection to an S3 service.</summary>
public sealed class S3Service : IDisposable
{
    private readonly AmazonS3Client _client;

    /// <summary>Prepares a connection; nothing is sent yet.</summary>
    /// <param name="name">What the user calls it; places of one name are of one service.</param>
    /// <param name="options">Address and keys.</param>
    /// <exception cref="TarnException">InvalidRequest for options, Unauthenticated when the keys cannot be found.</exception>
    public S3Service(string name, S3ServiceOptions options)
    {
        Name = name;
        _client = S3Clients.Create(options);
    }

    /// <summary>The same with keys at hand.</summary>
    public S3Service(string name, S3ServiceOptions options, string accessKey, string secretKey, string? sessionToken = null)
    {
        Name = name;
        _client = S3Clients.Create(options, accessKey, secretKey, sessionToken);
    }

    /// <summary>What the user calls it.</summary>
    public string Name { get; }

    /// <summary>Whether the service is reached without TLS.</summary>
    public bool IsPlainHttp => _client.Config.ServiceURL?.StartsWith("http:", StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Sends something.</summary>
    /// <param name="call">What to send.</param>
    /// <param name="attempt">What it is, for the message: <c>Cannot list '…'</c>.</param>
    /// <exception cref="TarnException">The service refuses it or does not answer.</exception>
    public Task<T> CallAsync<T>(Func<AmazonS3Client, Task<T>> call, string attempt) => S3Requests.CallAsync(() => call(_client), $"{attempt} ({Name})");

    /// <summary>Size, times and headers of an object; null when there is none.</summary>
    public Task<GetObjectMetadataResponse?> FindAsync(string bucket, string key, CancellationToken cancellationToken)
        => _client.FindAsync(bucket, key, $"Cannot look at '{bucket}/{key}' ({Name})", cancellationToken);

    /// <summary>All objects with a prefix, in order of their keys.</summary>
    public async IAsyncEnumerable<S3Object> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in ListPagesAsync(bucket, prefix, delimiter: null, cancellationToken).ConfigureAwait(false))
        {
            foreach (var found in page.S3Objects ?? [])
                yield return found;
        }
    }

    /// <summary>The pages of a listing; with a delimiter, keys that hold it behind the prefix are common prefixes.</summary>
    public IAsyncEnumerable<ListObjectsV2Response> ListPagesAsync(string bucket, string prefix, string? delimiter, CancellationToken cancellationToken)
        => _client.ListPagesAsync(new() { BucketName = bucket, Prefix = prefix, Delimiter = delimiter }, $"Cannot list '{bucket}/{prefix}' ({Name})", cancellationToken);

    /// <summary>A time as the SDK gives it.</summary>
    public static DateTimeOffset Time(DateTime? time) => S3Requests.Time(time);
}
