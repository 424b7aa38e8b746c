namespace Tarn.S3.Routing;

/// <summary>Operations on buckets and their configuration; their handlers are in the folder <c>Buckets</c>.</summary>
internal static class BucketRoutes
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
    ];
}
