using Tarn.Catalog.Tests.Rest.Hosting;

namespace Tarn.Catalog.Tests.Rest.Authorization;

/// <summary>Things of one place that requests name.</summary>
/// <param name="Warehouse">Warehouse or branch.</param>
/// <param name="Namespace">Namespace of one level.</param>
/// <param name="Table">Table in it.</param>
/// <param name="View">View in it.</param>
internal sealed record MatrixTarget(string Warehouse, string Namespace, string Table = "t", string View = "v");

/// <summary>Somebody, with the things that are theirs and those of others.</summary>
/// <param name="Name">Name of the user, and the heading of the column.</param>
/// <param name="Statements">Statements of the policy; a word for a policy that is there; null for somebody who shows nothing.</param>
/// <param name="Mine">What the first sign of a cell is about.</param>
/// <param name="Other">What the second sign of a cell is about.</param>
internal sealed record MatrixPrincipal(string Name, string? Statements, MatrixTarget Mine, MatrixTarget Other);

/// <summary>A request to an operation, and who may make it.</summary>
/// <param name="Route">Operation.</param>
/// <param name="Cells">For each principal what becomes of it, on their own thing and on the other: <c>+</c> done, <c>-</c> forbidden, <c>!</c> not authenticated.</param>
/// <param name="Status">Status of the answer to who may.</param>
/// <param name="Body">What is sent.</param>
internal sealed record MatrixRow(string Route, string Cells, int Status, string? Body = null)
{
    /// <summary>What tells it from other rows of its operation.</summary>
    public string Kind { get; init; } = "";

    /// <summary>What follows the path.</summary>
    public string Query { get; init; } = "";

    /// <summary>What has been done before: a path that is deleted.</summary>
    public string? Deleted { get; init; }
}

/// <summary>
/// Who may do what at the REST door. Written from the guide to access (docs/guide/access.md) alone: no line of it comes from the code that decides. Names in
/// braces are filled in: those of the principal's own thing for the first sign of a cell, those of the other for the second.
/// </summary>
internal static class EndpointMatrix
{
    private const string Create = """{"type":"assert-create"}""";
    private const string Rename = """{"source":{"namespace":["{namespace}"],"name":"{NAME}"},"destination":{"namespace":["{target}"],"name":"n"}}""";
    private const string Register = """{"name":"{NAME}","metadata-location":"{root}/{namespace}/none/metadata/x.metadata.json"}""";
    private const string Sign = """{"region":"us-east-1","method":"METHOD","uri":"{uri}/data/x.parquet","headers":{}}""";
    private const string TableGone = "/v1/{prefix}/namespaces/{namespace}/tables/{table}", ViewGone = "/v1/{prefix}/namespaces/{namespace}/views/{view}";
    private const string Change = """{"requirements":[],"updates":[{"action":"set-properties","updates":{"k":"v"}}]}""";
    private const string Report = """{"report-type":"commit-report","table-name":"t","snapshot-id":1,"sequence-number":1,"operation":"append","metrics":{}}""";

    private static readonly MatrixTarget s_mine = new("lake", "a"), s_other = new("lake", "b");

    /// <summary>The columns, in the order of the cells.</summary>
    public static IReadOnlyList<MatrixPrincipal> Principals { get; } =
    [
        new("nobody", null, s_mine, s_other),
        new("nothing", "diagnostics", s_mine, s_other),
        new("reader", "readonly", s_mine, s_other),
        new("namespace", Allow("\"catalog:*\"", "lake/a", "lake/a/*"), s_mine, s_other),
        new("table", Allow("\"catalog:*\"", "lake/a/t", "lake/a/v"), s_mine, new("lake", "a", "u", "w")),
        new("read", Allow("\"catalog:Get*\",\"catalog:List*\",\"catalog:ReadData\"", "lake/a", "lake/a/*"), s_mine, s_other),
        new("write", Allow("\"catalog:Get*\",\"catalog:List*\",\"catalog:Commit*\",\"catalog:ReadData\",\"catalog:WriteData\"", "lake/a", "lake/a/*"), s_mine, s_other),
        new("manage", $"{Allow("\"catalog:*\"", "lake/a", "lake/a/*")},{Deny("\"catalog:ReadData\",\"catalog:WriteData\"", "*")}", s_mine, s_other),
        new("denied", $"{Allow("\"catalog:*\"", "*")},{Deny("\"catalog:*\"", "lake/b", "lake/b/*")}", s_mine, s_other),
        new("branch", Allow("\"catalog:*\"", "lake@dev", "lake@dev/*"), new("lake@dev", "a"), new("lake", "a", "u", "w")),
        new("warehouse", Allow("\"catalog:*\"", "far", "far/*"), new("far", "a"), new("lake", "a", "u", "w")),
        new("root", "admin", s_mine, s_other),
    ];

    /// <summary>The rows; every operation of the door has one.</summary>
    public static IReadOnlyList<MatrixRow> Rows { get; } =
    [
        //                          nobody nothing reader namespace table read write manage denied branch warehouse root
        new("getConfig",               "!!   ++     ++     ++       ++    ++   ++    ++     ++     ++     ++       ++", 200) { Query = "?warehouse={prefix}" },
        new("searchCatalog",           "!!   ++     ++     ++       ++    ++   ++    ++     ++     ++     ++       ++", 200) { Query = "?q=t" },

        new("listNamespaces",          "!!   --     ++     --       --    --   --    --     ++     +-     +-       ++", 200) { Kind = "at the top" },
        new("listNamespaces",          "!!   --     ++     +-       --    +-   +-    +-     +-     +-     +-       ++", 200) { Kind = "below", Query = "?parent={namespace}" },
        new("loadNamespaceMetadata",   "!!   --     ++     +-       --    +-   +-    +-     +-     +-     +-       ++", 200),
        new("namespaceExists",         "!!   --     ++     +-       --    +-   +-    +-     +-     +-     +-       ++", 204),
        new("createNamespace",         "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 200, """{"namespace":["{namespace}","n"]}"""),
        new("dropNamespace",           "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 409),
        new("updateProperties",        "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 200, """{"updates":{"k":"v"}}"""),

        new("listTables",              "!!   --     ++     +-       --    +-   +-    +-     +-     +-     +-       ++", 200),
        new("loadTable",               "!!   --     ++     +-       +-    +-   +-    +-     +-     +-     +-       ++", 200),
        new("tableExists",             "!!   --     ++     +-       +-    +-   +-    +-     +-     +-     +-       ++", 204),
        new("reportMetrics",           "!!   --     ++     +-       +-    +-   +-    +-     +-     +-     +-       ++", 204, Report),
        new("createTable",             "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 200, Bodies.Table("n")),
        new("createTable",             "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 200, Bodies.Table("n", ",\"stage-create\":true")) { Kind = "staged" },
        new("updateTable",             "!!   --     --     +-       +-    --   +-    +-     +-     +-     +-       ++", 200, Change),
        new("updateTable",             "!!   --     --     +-       +-    --   --    +-     +-     +-     +-       ++", 409, Change.Replace("[]", $"[{Create}]", StringComparison.Ordinal)) { Kind = "to make it" },
        new("commitTransaction",       "!!   --     --     +-       +-    --   +-    +-     +-     +-     +-       ++", 204, Transaction("{namespace}", "{table}")),
        new("commitTransaction",       "!!   --     --     --       --    --   --    --     --     +-     +-       ++", 204, Transaction("{namespace}", "{table}", "{other-namespace}", "{other-table}")) { Kind = "of both" },
        new("commitTransaction",       "!!   --     --     --       --    --   --    --     --     +-     +-       ++", 204, Transaction("{other-namespace}", "{other-table}", "{namespace}", "{table}")) { Kind = "of both, the other first" },
        new("dropTable",               "!!   --     --     +-       +-    --   --    +-     +-     +-     +-       ++", 204),
        new("dropTable",               "!!   --     --     +-       +-    --   --    --     +-     +-     +-       ++", 204) { Kind = "with its files", Query = "?purgeRequested=true" },
        new("undropTable",             "!!   --     --     +-       +-    --   --    +-     +-     +-     +-       ++", 204) { Deleted = TableGone },
        new("undropTable",             "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 204, """{"destination":{"namespace":["{namespace}"],"name":"n"}}""") { Kind = "under another name", Deleted = TableGone },
        new("unregisterTable",         "!!   --     --     +-       +-    --   --    --     +-     +-     +-       ++", 200),
        new("registerTable",           "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 400, Named(Register, "n")),
        new("registerTable",           "!!   --     --     +-       +-    --   --    +-     +-     +-     +-       ++", 400, Named(Register, "{table}").Replace("{\"", "{\"overwrite\":true,\"", StringComparison.Ordinal)) { Kind = "in its place" },
        new("renameTable",             "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 204, Into(Rename, "{table}", "{namespace}")),
        new("renameTable",             "!!   --     --     --       --    --   --    --     --     +-     +-       ++", 204, Into(Rename, "{table}", "{other-namespace}")) { Kind = "to the others" },

        new("loadCredentials",         "!!   --     ++     +-       +-    +-   +-    --     +-     +-     +-       ++", 200),
        new("signRequest",             "!!   --     ++     +-       +-    +-   +-    --     +-     +-     +-       ++", 200, Sign.Replace("METHOD", "GET", StringComparison.Ordinal)),
        new("signRequest",             "!!   --     --     +-       +-    --   +-    --     +-     +-     +-       ++", 200, Sign.Replace("METHOD", "PUT", StringComparison.Ordinal)) { Kind = "to write" },
        new("planTableScan",           "!!   --     ++     +-       +-    +-   +-    --     +-     +-     +-       ++", 200, "{}"),
        new("fetchPlanningResult",     "!!   --     ++     +-       +-    +-   +-    --     +-     +-     +-       ++", 404),
        new("cancelPlanning",          "!!   --     ++     +-       +-    +-   +-    --     +-     +-     +-       ++", 404),
        new("fetchScanTasks",          "!!   --     ++     +-       +-    +-   +-    --     +-     +-     +-       ++", 404, """{"plan-task":"x.1"}"""),

        new("listViews",               "!!   --     ++     +-       --    +-   +-    +-     +-     +-     +-       ++", 200),
        new("loadView",                "!!   --     ++     +-       +-    +-   +-    +-     +-     +-     +-       ++", 200),
        new("viewExists",              "!!   --     ++     +-       +-    +-   +-    +-     +-     +-     +-       ++", 204),
        new("createView",              "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 200, Bodies.View("n")),
        new("replaceView",             "!!   --     --     +-       +-    --   +-    +-     +-     +-     +-       ++", 200, Change),
        new("dropView",                "!!   --     --     +-       +-    --   --    +-     +-     +-     +-       ++", 204),
        new("undropView",              "!!   --     --     +-       +-    --   --    +-     +-     +-     +-       ++", 204) { Deleted = ViewGone },
        new("undropView",              "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 204, """{"destination":{"namespace":["{namespace}"],"name":"n"}}""") { Kind = "under another name", Deleted = ViewGone },
        new("registerView",            "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 400, Named(Register, "n")),
        new("renameView",              "!!   --     --     +-       --    --   --    +-     +-     +-     +-       ++", 204, Into(Rename, "{view}", "{namespace}")),
        new("renameView",              "!!   --     --     --       --    --   --    --     --     +-     +-       ++", 204, Into(Rename, "{view}", "{other-namespace}")) { Kind = "to the others" },

        new("listFunctions",           "!!   --     ++     +-       --    +-   +-    +-     +-     +-     +-       ++", 200),
        new("loadFunction",            "!!   --     ++     +-       --    +-   +-    +-     +-     +-     +-       ++", 404),
    ];

    private static string Named(string body, string name) => body.Replace("{NAME}", name, StringComparison.Ordinal);

    private static string Into(string body, string name, string target) => Named(body, name).Replace("{target}", target, StringComparison.Ordinal);

    private static string Transaction(params string[] names) =>
        $$"""{"table-changes":[{{string.Join(',', names.Chunk(2).Select(n => $$"""{"identifier":{"namespace":["{{n[0]}}"],"name":"{{n[1]}}"},{{Change[1..]}}"""))}}]}""";

    private static string Allow(string actions, params string[] resources) => Statement("Allow", actions, resources);

    private static string Deny(string actions, params string[] resources) => Statement("Deny", actions, resources);

    private static string Statement(string effect, string actions, string[] resources) =>
        $$"""{"Effect":"{{effect}}","Action":[{{actions}}],"Resource":[{{string.Join(',', resources.Select(r => $"\"arn:tarn:catalog:::{r}\""))}}]}""";
}
