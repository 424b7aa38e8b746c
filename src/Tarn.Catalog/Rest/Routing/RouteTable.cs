using Tarn.Catalog.Rest.Authentication;
using Tarn.Catalog.Rest.Configuration;
using Tarn.Catalog.Rest.Namespaces;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Routing;

/// <summary>Every operation of the door. What has a row here is told to clients as an endpoint.</summary>
internal static class RouteTable
{
    private const string Get = "GET", Post = "POST", Head = "HEAD", Delete = "DELETE";
    private const string Namespaces = "/v1/{prefix}/namespaces", Namespace = Namespaces + "/{namespace}";

    /// <summary>All rows.</summary>
    public static IReadOnlyList<Route> All(RestServices services)
    {
        List<Route> all = [];
        all.AddRange(
        [
            new("getConfig", Get, "/v1/config", new GetConfig(services, () => all)),
            new("getToken", Post, "/v1/oauth/tokens", new GetToken(services)) { AuthenticatesItself = true },
            .. NamespaceRoutes,
        ]);
        return all;
    }

    private static IEnumerable<Route> NamespaceRoutes =>
    [
        new("listNamespaces", Get, Namespaces, new ListNamespaces()),
        new("createNamespace", Post, Namespaces, new CreateNamespace()) { TakesIdempotencyKey = true },
        new("loadNamespaceMetadata", Get, Namespace, new LoadNamespaceMetadata()),
        new("namespaceExists", Head, Namespace, new NamespaceExists()),
        new("dropNamespace", Delete, Namespace, new DropNamespace()) { TakesIdempotencyKey = true },
        new("updateProperties", Post, Namespace + "/properties", new UpdateProperties()) { TakesIdempotencyKey = true },
    ];
}
