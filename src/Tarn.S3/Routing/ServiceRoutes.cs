using Tarn.S3.Service;

namespace Tarn.S3.Routing;

/// <summary>Operations on the service itself; their handlers are in the folder <c>Service</c>.</summary>
internal static class ServiceRoutes
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Service("SecurityTokens", "POST", s => new SecurityTokens(s)),
    ];
}
