using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace Tarn.Storage.Remote;

/// <summary>Requests that all who use an S3 service make, with failures told as what was attempted.</summary>
internal static class S3Requests
{
    /// <summary>Size, times and headers of an object; null when there is none.</summary>
    /// <param name="client">The service.</param>
    /// <param name="bucket">Bucket.</param>
    /// <param name="key">Key.</param>
    /// <param name="attempt">What it is, for the message: <c>Cannot look at '…'</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Core.Errors.TarnException">The service refuses it or does not answer.</exception>
    public static async Task<GetObjectMetadataResponse?> FindAsync(this AmazonS3Client client, string bucket, string key, string attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetObjectMetadataAsync(bucket, key, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonS3Exception error) when (S3Failures.IsMissing(error))
        {
            return null;
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            throw S3Failures.Translate(error, attempt);
        }
    }

    /// <summary>The pages of a listing, in order of the keys.</summary>
    /// <param name="client">The service.</param>
    /// <param name="request">The first request; its continuation token is set here.</param>
    /// <param name="attempt">What it is, for the message: <c>Cannot list '…'</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Core.Errors.TarnException">The service refuses it or does not answer.</exception>
    public static async IAsyncEnumerable<ListObjectsV2Response> ListPagesAsync(
        this AmazonS3Client client, ListObjectsV2Request request, string attempt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var page = await CallAsync(() => client.ListObjectsV2Async(request, cancellationToken), attempt).ConfigureAwait(false);
            yield return page;
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <summary>Sends something.</summary>
    /// <exception cref="Core.Errors.TarnException">The service refuses it or does not answer.</exception>
    public static async Task<T> CallAsync<T>(Func<Task<T>> call, string attempt)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception error) when (S3Failures.IsRemote(error))
        {
            throw S3Failures.Translate(error, attempt);
        }
    }

    /// <summary>A time as the SDK gives it.</summary>
    public static DateTimeOffset Time(DateTime? time) => new(DateTime.SpecifyKind(time ?? DateTime.UnixEpoch, DateTimeKind.Utc));
}
