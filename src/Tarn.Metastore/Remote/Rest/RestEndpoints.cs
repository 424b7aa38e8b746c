namespace Tarn.Metastore.Remote.Rest;

/// <summary>The endpoints that the client uses, in the words in which servers list them (REST specification, <c>CatalogConfig.endpoints</c>).</summary>
internal static class RestEndpoints
{
    private const string Namespace = "/v1/{prefix}/namespaces/{namespace}";

    public const string ListNamespaces = "GET /v1/{prefix}/namespaces";
    public const string CreateNamespace = "POST /v1/{prefix}/namespaces";
    public const string LoadNamespace = "GET " + Namespace;
    public const string DropNamespace = "DELETE " + Namespace;
    public const string UpdateNamespace = "POST " + Namespace + "/properties";
    public const string ListTables = "GET " + Namespace + "/tables";
    public const string CreateTable = "POST " + Namespace + "/tables";
    public const string LoadTable = "GET " + Namespace + "/tables/{table}";
    public const string CommitTable = "POST " + Namespace + "/tables/{table}";
    public const string DropTable = "DELETE " + Namespace + "/tables/{table}";
    public const string UnregisterTable = "POST " + Namespace + "/tables/{table}/unregister";
    public const string RegisterTable = "POST " + Namespace + "/register";
    public const string RenameTable = "POST /v1/{prefix}/tables/rename";
    public const string CommitTransaction = "POST /v1/{prefix}/transactions/commit";
    public const string ListViews = "GET " + Namespace + "/views";
    public const string CreateView = "POST " + Namespace + "/views";
    public const string LoadView = "GET " + Namespace + "/views/{view}";
    public const string ReplaceView = "POST " + Namespace + "/views/{view}";
    public const string DropView = "DELETE " + Namespace + "/views/{view}";
    public const string RenameView = "POST /v1/{prefix}/views/rename";
    public const string RegisterView = "POST " + Namespace + "/register-view";
}
