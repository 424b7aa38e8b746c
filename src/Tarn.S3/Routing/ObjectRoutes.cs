using Tarn.S3.Objects;

namespace Tarn.S3.Routing;

/// <summary>Operations on objects; their handlers are in the folder <c>Objects</c>.</summary>
internal static class ObjectRoutes
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Object("GetObject", "GET", "", s => new GetObject(s)),
        Route.Object("PutObject", "PUT", "", s => new PutObject(s)),
        Route.Object("HeadObject", "HEAD", "", s => new HeadObject(s)),
    ];
}
