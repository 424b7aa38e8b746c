using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Tarn.Core.Errors;

namespace Tarn.Storage.Remote;

/// <summary>
/// Finds out at start whether a store answers and honours <c>If-None-Match: *</c>: it writes a small object twice. A store that silently
/// ignores the condition would let two writers overwrite each other.
/// </summary>
internal sealed class ConditionalWriteProbe(AmazonS3Client client, S3StorageOptions options)
{
    /// <exception cref="TarnException">NotFound, PermissionDenied, Unavailable; Unsupported when the condition is ignored.</exception>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        string key = (options.Prefix.Length == 0 ? "" : options.Prefix + "/") + $".tarn-probe-{Guid.NewGuid():N}";
        try
        {
            await PutAsync(key, cancellationToken).ConfigureAwait(false);
            if (options.ConditionalWrites && !await IsRefusedAsync(key, cancellationToken).ConfigureAwait(false))
                throw TarnException.Unsupported($"The store at {options.Endpoint?.ToString() ?? "AWS"} ignores 'If-None-Match: *', so two writers could overwrite each other. Use a store that has conditional writes, or set storage.s3.conditional_writes: false if only Tarn writes to '{options.WarehouseLocation}'.");
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            var failure = S3Failures.Translate(error, $"Cannot use '{options.WarehouseLocation}' as storage");
            throw options.Credentials == S3CredentialSource.Anonymous && failure.Kind is (ErrorKind.PermissionDenied or ErrorKind.Unauthenticated) ? WithoutKeys(error) : failure;
        }
        finally
        {
            await RemoveAsync(key).ConfigureAwait(false);
        }
    }

    private TarnException WithoutKeys(Exception cause) => new(
        ErrorKind.PermissionDenied,
        $"Cannot write to '{options.WarehouseLocation}': storage.s3.credentials is anonymous, which sends no keys, and the service lets nobody write without. Name keys that may write there (default, environment, profile:NAME or file:PATH); without keys only commands that read work, and no server.",
        cause);

    private Task PutAsync(string key, CancellationToken cancellationToken) => client.PutObjectAsync(
        new PutObjectRequest { BucketName = options.Bucket, Key = key, ContentBody = "", IfNoneMatch = options.ConditionalWrites ? "*" : null },
        cancellationToken);

    private async Task<bool> IsRefusedAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await PutAsync(key, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return true;
        }
    }

    private async Task RemoveAsync(string key)
    {
        try
        {
            await client.DeleteObjectAsync(options.Bucket, key, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            // The probe's own outcome matters; an empty object of a telling name may stay.
            return;
        }
    }
}
