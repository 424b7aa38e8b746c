using Tarn.S3.Copying;
using Tarn.S3.Cors;
using Tarn.S3.Forms;
using Tarn.S3.Objects;

namespace Tarn.S3.Routing;

/// <summary>Operations on objects; their handlers are in the folder <c>Objects</c>.</summary>
internal static class ObjectRoutes
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Bucket("PostObject", "POST", "", s => new PostObject(s)) with { When = r => PostForm.Is(r.Header("Content-Type")), AuthenticatesItself = true },
        Route.Bucket("Preflight", "OPTIONS", "", s => new Preflight(s)) with { AuthenticatesItself = true },
        Route.Object("Preflight", "OPTIONS", "", s => new Preflight(s)) with { AuthenticatesItself = true },
        Route.Bucket("ListObjectsV2", "GET", "", s => new ListObjectsV2(s)) with { When = ListObjectsV2.IsAsked },
        Route.Bucket("ListObjects", "GET", "", s => new ListObjects(s)),
        Route.Object("GetObject", "GET", "", s => new GetObject(s)),
        Route.Object("CopyObject", "PUT", "", s => new CopyObject(s)) with { When = Route.HasCopySource },
        Route.Object("PutObject", "PUT", "", s => new PutObject(s)),
        Route.Object("HeadObject", "HEAD", "", s => new HeadObject(s)),
        Route.Object("DeleteObject", "DELETE", "", s => new DeleteObject(s)),
    ];
}
