namespace Tarn.S3.Routing;

/// <summary>Operations on versions and object lock; their handlers are in the folder <c>Versions</c>.</summary>
internal static class VersionRoutes
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
    ];
}
