using Tarn.Catalog.Rest.Authentication;
using Tarn.Catalog.Rest.Configuration;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Functions;
using Tarn.Catalog.Rest.Metrics;
using Tarn.Catalog.Rest.Namespaces;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Planning;
using Tarn.Catalog.Rest.Searching;
using Tarn.Catalog.Rest.Signing;
using Tarn.Catalog.Rest.Tables;
using Tarn.Catalog.Rest.Transactions;
using Tarn.Catalog.Rest.Views;

namespace Tarn.Catalog.Rest.Routing;

/// <summary>Every operation of the door. What has a row here is told to clients as an endpoint.</summary>
internal static class RouteTable
{
    private const string Get = "GET", Post = "POST", Head = "HEAD", Delete = "DELETE";
    private const string Tables = Namespace + "/tables", Table = Tables + "/{table}", Views = Namespace + "/views", View = Views + "/{view}", Functions = Namespace + "/functions";
    private const string Namespaces = "/v1/{prefix}/namespaces", Namespace = Namespaces + "/{namespace}";

    // What the specification does not have stands apart from it, so that no later version of it collides.
    private const string Own = "/v1/{prefix}/tarn", OwnNamespace = Own + "/namespaces/{namespace}";

    /// <summary>All rows.</summary>
    public static IReadOnlyList<Route> All(RestServices services)
    {
        List<Route> all = [];
        all.AddRange(
        [
            new("getConfig", Get, "/v1/config", new GetConfig(services, () => all)),
            new("getToken", Post, "/v1/oauth/tokens", new GetToken(services)) { AuthenticatesItself = true },
            .. NamespaceRoutes, .. TableRoutes, .. ViewRoutes, .. FunctionRoutes,
            new("searchCatalog", Get, Own + "/search", new SearchCatalog()),
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

    private static IEnumerable<Route> TableRoutes =>
    [
        new("listTables", Get, Tables, new ListTables()),
        new("createTable", Post, Tables, new CreateTable()) { TakesIdempotencyKey = true },
        new("loadTable", Get, Table, new LoadTable()),
        new("tableExists", Head, Table, new TableExists()),
        new("updateTable", Post, Table, new CommitTable()) { TakesIdempotencyKey = true, BringsFiles = true },
        new("dropTable", Delete, Table, new DropTable()) { TakesIdempotencyKey = true },
        new("unregisterTable", Post, Table + "/unregister", new UnregisterTable()) { TakesIdempotencyKey = true },
        new("undropTable", Post, OwnNamespace + "/tables/{table}/undrop", new UndropTable()) { TakesIdempotencyKey = true },
        new("registerTable", Post, Namespace + "/register", new RegisterTable()) { TakesIdempotencyKey = true },
        new("renameTable", Post, "/v1/{prefix}/tables/rename", new RenameTable()) { TakesIdempotencyKey = true },
        new("loadCredentials", Get, Table + "/credentials", new LoadCredentials()),
        new("signRequest", Post, Table + "/sign", new SignTableRequest()),
        new("planTableScan", Post, Table + "/plan", new PlanTableScan()),
        new("fetchPlanningResult", Get, Table + "/plan/{plan-id}", new FetchPlanningResult()),
        new("cancelPlanning", Delete, Table + "/plan/{plan-id}", new CancelPlanning()) { TakesIdempotencyKey = true },
        new("fetchScanTasks", Post, Table + "/tasks", new FetchScanTasks()),
        new("reportMetrics", Post, Table + "/metrics", new ReportMetrics()),
        new("commitTransaction", Post, "/v1/{prefix}/transactions/commit", new CommitTransaction()) { TakesIdempotencyKey = true, BringsFiles = true },
    ];

    private static IEnumerable<Route> ViewRoutes =>
    [
        new("listViews", Get, Views, new ListViews()),
        new("createView", Post, Views, new CreateView()) { TakesIdempotencyKey = true },
        new("loadView", Get, View, new LoadView()),
        new("viewExists", Head, View, new ViewExists()),
        new("replaceView", Post, View, new ReplaceView()) { TakesIdempotencyKey = true },
        new("dropView", Delete, View, new DropView()) { TakesIdempotencyKey = true },
        new("undropView", Post, OwnNamespace + "/views/{view}/undrop", new UndropView()) { TakesIdempotencyKey = true },
        new("renameView", Post, "/v1/{prefix}/views/rename", new RenameView()) { TakesIdempotencyKey = true },
        new("registerView", Post, Namespace + "/register-view", new RegisterView()) { TakesIdempotencyKey = true },
    ];

    private static IEnumerable<Route> FunctionRoutes =>
    [
        new("listFunctions", Get, Functions, new ListFunctions()),
        new("loadFunction", Get, Functions + "/{function}", new LoadFunction()),
    ];
}
