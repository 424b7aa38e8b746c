using Tarn.S3.Objects;
using Tarn.S3.Versions;

namespace Tarn.S3.Routing;

/// <summary>Operations on many objects or versions of a bucket at once.</summary>
internal static class VersionRoutes
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Bucket("ListObjectVersions", "GET", "versions", _ => new ListObjectVersions()),
        Route.Bucket("DeleteObjects", "POST", "delete", _ => new DeleteObjects()),
    ];
}
