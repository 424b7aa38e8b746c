namespace Tarn.S3.Routing;

/// <summary>Operations on multipart uploads; their handlers are in the folder <c>Multipart</c>.</summary>
internal static class MultipartRoutes
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
    ];
}
