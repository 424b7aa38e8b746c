using Amazon.S3;
using Amazon.S3.Model;

namespace Tarn.Storage.Remote;

/// <summary>A random text in the metadata of an object: tells the own write from another one of the same name.</summary>
internal sealed class WriteMark
{
    private const string Name = "tarn-write";
    private readonly string _value = Guid.NewGuid().ToString("N");

    /// <summary>Adds the mark to what is about to be written.</summary>
    public void Put(MetadataCollection metadata) => metadata[Name] = _value;

    /// <summary>Whether the object that is there carries this mark.</summary>
    public async ValueTask<bool> IsOnAsync(AmazonS3Client client, S3Location place, CancellationToken cancellationToken)
    {
        try
        {
            var head = await client.GetObjectMetadataAsync(place.Bucket, place.Key, cancellationToken).ConfigureAwait(false);
            return head.Metadata[Name] == _value;
        }
        catch (AmazonS3Exception error) when (S3Failures.IsMissing(error))
        {
            return false;
        }
    }
}
