using System.IO.Pipelines;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>GetObject: the bytes of a version, whole, a range or a part, with its headers.</summary>
internal sealed class GetObject(S3Services services) : IS3Operation
{
    // Read from the file and handed to the socket at once; large enough that the file is read in few calls.
    private const int PieceBytes = 128 * 1024;

    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        using var reader = await services.Store.OpenAsync(bucket.Name, call.Request.Key, call.Request.VersionId, cancellationToken);
        var slice = await ObjectReading.BeginAsync(call, bucket, reader?.Record, cancellationToken);
        await SendAsync(reader!, slice.Range, call.Response.BodyWriter, services.Time, cancellationToken);
    }

    private static async ValueTask SendAsync(ObjectReader reader, ByteRange range, PipeWriter answer, TimeProvider time, CancellationToken cancellationToken)
    {
        for (long sent = 0; sent < range.Length;)
        {
            int length = (int)Math.Min(PieceBytes, range.Length - sent);
            int read = reader.Read(answer.GetSpan(length)[..length], range.Offset + sent);
            answer.Advance(read);
            sent += read;
            if ((await ReaderPatience.FlushAsync(answer, time, cancellationToken)).IsCompleted)
                return;
        }
    }
}
