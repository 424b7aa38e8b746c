using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Tests.Hive.Hosting;

/// <summary>A database and a plain table in it, which calls name.</summary>
internal sealed record HiveMatrixTarget(string Database, string Table = "t");

/// <summary>Somebody who connects, with what is theirs and what is not.</summary>
/// <param name="Name">The heading of the column.</param>
/// <param name="Policy">A policy that is there, or statements of one; null for a connection without SASL.</param>
/// <param name="Mine">What the first sign of a cell is about.</param>
/// <param name="Other">What the second sign of a cell is about.</param>
internal sealed record HiveMatrixPrincipal(string Name, string? Policy, HiveMatrixTarget Mine, HiveMatrixTarget Other);

/// <summary>Calls that take the same arguments, and who may make them.</summary>
/// <param name="Methods">The calls.</param>
/// <param name="Cells">For each principal what becomes of it, on their own thing and on the other: <c>+</c> done, <c>-</c> forbidden, <c>!</c> not authenticated.</param>
/// <param name="Arguments">Their arguments, for a target and the other one.</param>
/// <param name="Fault">What the answer to who may says, where it is an exception all the same.</param>
internal sealed record HiveMatrixRow(string Methods, string Cells, Func<HiveMatrixTarget, HiveMatrixTarget, ThriftValue[]> Arguments, string Fault = "");

/// <summary>
/// Who may do what at the Hive Metastore door. Written from the guide to access (docs/guide/access.md) alone: no line of it comes from the code that decides.
/// </summary>
internal static class HiveMatrix
{
    private const string Own = """{"Effect":"Allow","Action":"catalog:*","Resource":[RESOURCES]}""";
    private static readonly HiveMatrixTarget s_mine = new("a"), s_other = new("b");

    /// <summary>The columns, in the order of the cells.</summary>
    public static IReadOnlyList<HiveMatrixPrincipal> Principals { get; } =
    [
        new("closed", null, s_mine, s_other),
        new("local", null, s_mine, s_other),
        new("nothing", "diagnostics", s_mine, s_other),
        new("reader", "readonly", s_mine, s_other),
        new("database", Own.Replace("RESOURCES", "\"arn:tarn:catalog:::lake/a\",\"arn:tarn:catalog:::lake/a/*\"", StringComparison.Ordinal), s_mine, s_other),
        new("table", Own.Replace("RESOURCES", "\"arn:tarn:catalog:::lake/a/t\"", StringComparison.Ordinal), s_mine, new("a", "u")),
        new("root", "admin", s_mine, s_other),
    ];

    /// <summary>The rows; every call of the door is in one of them.</summary>
    public static IReadOnlyList<HiveMatrixRow> Rows { get; } =
    [
        // What shows and changes nothing is open to everybody.      closed local nothing reader database table root
        new("getName getVersion getStatus getStatusDetails aliveSince getCounters getOptions get_catalogs flushCache get_role_names get_all_functions",
            /*                                                      */ "++     ++    ++      ++     ++       ++    ++", (_, _) => []),
        new("list_roles list_privileges get_privilege_set get_principals_in_role get_role_grants_for_principal get_primary_keys get_foreign_keys get_unique_constraints get_not_null_constraints get_default_constraints get_check_constraints",
            /*                                                      */ "++     ++    ++      ++     ++       ++    ++", (m, _) => [Ask(m)]),
        new("get_catalog",                                             "++     ++    ++      ++     ++       ++    ++", (_, _) => [new ThriftStruct().With(1, "hive")]),
        new("getMetaConf get_config_value",                            "++     ++    ++      ++     ++       ++    ++", (_, _) => ["metastore.txn.timeout", "x"]),
        new("set_ugi",                                                 "++     ++    ++      ++     ++       ++    ++", (_, _) => ["root", ThriftList.Of(["root"])]),
        new("get_functions",                                           "++     ++    ++      ++     ++       ++    ++", (m, _) => [m.Database, "*"]),
        new("get_function",                                            "++     ++    ++      ++     ++       ++    ++", (m, _) => [m.Database, "f"], "does not exist"),
        new("create_role drop_role grant_role revoke_role grant_revoke_role grant_privileges revoke_privileges grant_revoke_privileges refresh_privileges",
            /*                                                      */ "++     ++    ++      ++     ++       ++    ++", (_, _) => [], "Rights are policies here"),

        // What names nothing needs somebody who is known.
        new("partition_name_to_vals partition_name_to_spec",           "!!     ++    ++      ++     ++       ++    ++", (_, _) => ["day=1"]),
        new("get_materialized_views_for_rewriting",                    "!!     ++    ++      ++     ++       ++    ++", (m, _) => [m.Database]),
        new("set_aggr_stats_for delete_table_column_statistics delete_partition_column_statistics",
            /*                                                      */ "!!     ++    ++      ++     ++       ++    ++", (m, _) => [Ask(m)]),
        new("truncate_table",                                          "!!     ++    ++      ++     ++       ++    ++", (m, _) => [m.Database, m.Table], "cannot be truncated"),
        new("check_lock heartbeat",                                    "!!     ++    ++      ++     ++       ++    ++", (_, _) => [new ThriftStruct().With(1, 1L)], "No such lock"),
        new("unlock",                                                  "!!     ++    ++      ++     ++       ++    ++", (_, _) => [new ThriftStruct().With(1, 1L)]),
        new("show_locks",                                              "!!     ++    ++      ++     ++       ++    ++", (m, _) => [new ThriftStruct().With(1, m.Database).With(2, m.Table)]),

        // Databases.
        new("get_all_databases get_databases",                         "!!     ++    --      ++     --       --    ++", (_, _) => ["*"]),
        new("get_database",                                            "!!     ++    --      ++     +-       --    ++", (m, _) => [m.Database]),
        new("get_database_req",                                        "!!     ++    --      ++     +-       --    ++", (m, _) => [new ThriftStruct().With(1, m.Database)]),
        new("create_database",                                         "!!     ++    --      --     --       --    ++", (_, _) => [new ThriftStruct().With(1, "n")]),
        new("alter_database",                                          "!!     ++    --      --     +-       --    ++", (m, _) => [m.Database, new ThriftStruct().With(1, m.Database).With(4, [KeyValuePair.Create("k", "v")])]),
        new("drop_database",                                           "!!     ++    --      --     +-       --    ++", (m, _) => [m.Database, true, false], "is not empty"),
        new("drop_database_req",                                       "!!     ++    --      --     +-       --    ++", (m, _) => [new ThriftStruct().With(1, m.Database)], "is not empty"),

        // Lists.
        new("get_all_tables get_tables get_tables_by_type",            "!!     ++    --      ++     +-       --    ++", (m, _) => [m.Database, "*", "EXTERNAL_TABLE"]),
        new("get_table_names_by_filter",                               "!!     ++    --      ++     +-       --    ++", (m, _) => [m.Database, "hive_filter_field_params__x = \"y\"", -1]),
        new("get_table_meta",                                          "!!     ++    --      ++     --       --    ++", (m, _) => [m.Database, "*"]),

        // Tables.
        new("get_table get_fields get_schema get_fields_with_environment_context get_schema_with_environment_context",
            /*                                                      */ "!!     ++    --      ++     +-       +-    ++", (m, _) => [m.Database, m.Table]),
        new("get_table_req get_table_statistics_req get_partitions_statistics_req get_aggr_stats_for",
            /*                                                      */ "!!     ++    --      ++     +-       +-    ++", (m, _) => [Ask(m)]),
        new("get_table_objects_by_name",                               "!!     ++    --      ++     +-       +-    ++", (m, _) => [m.Database, ThriftList.Of([m.Table])]),
        new("get_table_objects_by_name_req",                           "!!     ++    --      ++     +-       +-    ++", (m, _) => [new ThriftStruct().With(1, m.Database).With(2, [m.Table])]),
        new("update_table_column_statistics update_partition_column_statistics",
            /*                                                      */ "!!     ++    --      ++     +-       +-    ++", (m, _) => [new ThriftStruct().With(1, new ThriftStruct().With(2, m.Database).With(3, m.Table))]),
        new("lock",                                                    "!!     ++    --      ++     +-       +-    ++", (m, _) => [Lock(m)]),
        new("lock",                                                    "!!     ++    --      ++     --       --    ++", (m, o) => [Lock(m, o)]),
        new("create_table create_table_with_environment_context create_table_with_constraints",
            /*                                                      */ "!!     ++    --      --     +-       --    ++", (m, _) => [Plain(m.Database, "n")]),
        new("create_table_req",                                        "!!     ++    --      --     +-       --    ++", (m, _) => [new ThriftStruct().With(1, Plain(m.Database, "n"))]),
        new("alter_table alter_table_with_environment_context alter_table_with_cascade",
            /*                                                      */ "!!     ++    --      --     +-       +-    ++", (m, _) => [m.Database, m.Table, Plain(m.Database, m.Table, "changed")]),
        new("alter_table_req",                                         "!!     ++    --      --     +-       +-    ++", (m, _) => [new ThriftStruct().With(2, m.Database).With(3, m.Table).With(4, Plain(m.Database, m.Table, "changed"))]),
        new("alter_table",                                             "!!     ++    --      --     +-       --    ++", (m, _) => [m.Database, m.Table, Plain(m.Database, "n")]),
        new("alter_table",                                             "!!     ++    --      --     --       --    ++", (m, o) => [m.Database, m.Table, Plain(o.Database, "n")]),
        new("drop_table drop_table_with_environment_context",          "!!     ++    --      --     +-       +-    ++", (m, _) => [m.Database, m.Table, true]),

        // Partitions.
        new("get_partition get_partition_with_auth",                   "!!     ++    --      ++     +-       +-    ++", (m, _) => [m.Database, m.Table, ThriftList.Of(["1"])]),
        new("get_partition_by_name",                                   "!!     ++    --      ++     +-       +-    ++", (m, _) => [m.Database, m.Table, "day=1"]),
        new("get_partitions get_partitions_with_auth get_partition_names",
            /*                                                      */ "!!     ++    --      ++     +-       +-    ++", (m, _) => [m.Database, m.Table, -1]),
        new("get_partitions_ps get_partitions_ps_with_auth get_partition_names_ps",
            /*                                                      */ "!!     ++    --      ++     +-       +-    ++", (m, _) => [m.Database, m.Table, ThriftList.Of(["1"]), -1]),
        new("get_partitions_by_names",                                 "!!     ++    --      ++     +-       +-    ++", (m, _) => [m.Database, m.Table, ThriftList.Of(["day=1"])]),
        new("get_partitions_by_names_req",                             "!!     ++    --      ++     +-       +-    ++", (m, _) => [Ask(m).With(3, ["day=1"])]),
        new("add_partition add_partition_with_environment_context",    "!!     ++    --      --     +-       +-    ++", (m, _) => [Partition(m, "2")]),
        new("add_partitions",                                          "!!     ++    --      --     +-       +-    ++", (m, _) => [ThriftList.Of([Partition(m, "2")])]),
        new("add_partitions_req",                                      "!!     ++    --      --     +-       +-    ++", (m, _) => [Ask(m).With(3, [Partition(m, "2")])]),
        new("alter_partition alter_partition_with_environment_context", "!!    ++    --      --     +-       +-    ++", (m, _) => [m.Database, m.Table, Partition(m, "1")]),
        new("alter_partitions alter_partitions_with_environment_context", "!!  ++    --      --     +-       +-    ++", (m, _) => [m.Database, m.Table, ThriftList.Of([Partition(m, "1")])]),
        new("drop_partition drop_partition_with_environment_context",  "!!     ++    --      --     +-       +-    ++", (m, _) => [m.Database, m.Table, ThriftList.Of(["1"]), true]),
        new("drop_partition_by_name drop_partition_by_name_with_environment_context",
            /*                                                      */ "!!     ++    --      --     +-       +-    ++", (m, _) => [m.Database, m.Table, "day=1", true]),
    ];

    private static ThriftStruct Ask(HiveMatrixTarget m) => new ThriftStruct().With(1, m.Database).With(2, m.Table);

    // A shared lock of each: nobody waits for anybody.
    private static ThriftStruct Lock(params HiveMatrixTarget[] all) => new ThriftStruct().With(1, all.Select(m => new ThriftStruct().With(1, 1).With(2, 2).With(3, m.Database).With(4, m.Table)).ToArray());

    private static ThriftStruct Plain(string database, string name, string comment = "") => new HiveTable
    {
        TableName = name, DatabaseName = database, TableType = HiveTable.ExternalTable, PartitionKeys = [new FieldSchema("day", "string")],
        Storage = new StorageDescriptor { Location = $"s3://lake/{database}/{name}", Columns = [new FieldSchema("id", "bigint")] }, Parameters = new Dictionary<string, string> { ["comment"] = comment },
    }.ToThrift();

    private static ThriftStruct Partition(HiveMatrixTarget m, string day) =>
        new HivePartition { Values = [day], DatabaseName = m.Database, TableName = m.Table, Storage = new StorageDescriptor { Location = $"s3://lake/{m.Database}/{m.Table}/day={day}" } }.ToThrift();
}
