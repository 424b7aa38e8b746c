namespace Tarn.S3.Routing;

/// <summary>Every operation of the door, by the part of the API it belongs to. What has no row here is NotImplemented or MethodNotAllowed.</summary>
internal static class OperationTable
{
    /// <summary>All rows.</summary>
    public static IEnumerable<Route> All { get; } =
        [.. ServiceRoutes.All, .. BucketRoutes.All, .. ObjectRoutes.All, .. ObjectPropertyRoutes.All, .. MultipartRoutes.All, .. VersionRoutes.All];
}
