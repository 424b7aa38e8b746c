using System.Globalization;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Multipart;

/// <summary>Which part of which upload a request is about.</summary>
/// <param name="Number">1 to 10,000.</param>
/// <param name="Upload">The upload.</param>
internal sealed record PartUpload(int Number, UploadRecord Upload)
{
    /// <summary>Finds it, before the body is read.</summary>
    /// <exception cref="S3Exception">InvalidArgument: no such part number can be.</exception>
    /// <exception cref="BucketStoreException">NoSuchUpload.</exception>
    public static async ValueTask<PartUpload> FindAsync(S3Call call, CancellationToken cancellationToken)
    {
        int number = ReadNumber(call.Request);
        await call.BucketAsync(cancellationToken);
        var page = await call.Services.Store.ListPartsAsync(
            call.Request.Bucket, call.Request.Key, call.Request.Query["uploadId"] ?? "", number - 1, 1, cancellationToken);
        return new(number, page.Upload);
    }

    private static int ReadNumber(S3Request request)
    {
        string text = request.Query["partNumber"] ?? "";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= BucketLimits.PartNumber ? number
            : throw new S3Exception(S3Error.InvalidArgument, $"Part number must be an integer between 1 and {BucketLimits.PartNumber}, inclusive")
                .With("ArgumentName", "partNumber").With("ArgumentValue", text);
    }
}
