using Tarn.S3.Multipart;

namespace Tarn.S3.Routing;

/// <summary>Operations on multipart uploads; their handlers are in the folder <c>Multipart</c>.</summary>
internal static class MultipartRoutes
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Bucket("ListMultipartUploads", "GET", "uploads", _ => new ListMultipartUploads()),
        Route.Object("CreateMultipartUpload", "POST", "uploads", _ => new CreateMultipartUpload()),
        Route.Object("UploadPartCopy", "PUT", "uploadId", _ => new UploadPartCopy()) with { When = Route.HasCopySource },
        Route.Object("UploadPart", "PUT", "uploadId", _ => new UploadPart()),
        Route.Object("CompleteMultipartUpload", "POST", "uploadId", _ => new CompleteMultipartUpload()),
        Route.Object("ListParts", "GET", "uploadId", _ => new ListParts()),
        Route.Object("AbortMultipartUpload", "DELETE", "uploadId", _ => new AbortMultipartUpload()),
    ];
}
