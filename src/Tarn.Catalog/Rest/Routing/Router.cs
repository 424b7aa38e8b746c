using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Requests;

namespace Tarn.Catalog.Rest.Routing;

/// <summary>Finds the operation of a request. A path may leave out the warehouse; then it is the default one.</summary>
internal sealed class Router(IReadOnlyList<Route> routes)
{
    /// <summary>All rows.</summary>
    public IReadOnlyList<Route> Routes => routes;

    /// <summary>The operation of a request.</summary>
    /// <exception cref="RestException">404 for a path without operations, 405 for one that lacks this method.</exception>
    public RouteMatch Find(RestRequest request)
    {
        bool isKnown = false;
        var segments = request.Segments;
        if (Find(request.Method, segments, null, ref isKnown) is { } direct)
            return direct;
        if (segments.Count > 2)
        {
            string prefix = PathCoding.Decode(segments[1]);
            if (Find(request.Method, [segments[0], .. segments.Skip(2)], prefix, ref isKnown) is { } prefixed)
                return prefixed;
        }

        throw isKnown
            ? new RestException(RestError.MethodNotAllowed, $"{request.Method} is not possible on {request.Http.Request.Path}.")
            : new RestException(RestError.NotFound, $"There is no endpoint {request.Method} {request.Http.Request.Path}; GET /v1/config lists the endpoints.");
    }

    private RouteMatch? Find(string method, IReadOnlyList<string> segments, string? prefix, ref bool isKnown)
    {
        foreach (var route in routes)
        {
            if ((prefix is not null && !route.HasPrefix) || route.Match(segments) is not { } names)
                continue;
            isKnown = true;
            if (route.Method == method)
                return new RouteMatch(route, prefix, names);
        }

        return null;
    }
}
