using System.Collections.Frozen;
using Tarn.Core.Errors;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Execution;

/// <summary>Statements of other databases that are not run here, each with what to do instead.</summary>
internal static class RefusedStatements
{
    private const string Transactions = "Each statement is a commit of its own. Changes of several tables become visible together on a branch of the lake: tarn branch --help.";
    private const string Rights = "Who may do what is said by policies: tarn policy --help.";
    private const string Identities = "Users, groups and roles are kept by tarn user, tarn group and tarn role.";
    private const string Files = "Files are read where they are, in quotes where a table may stand: FROM 'data.parquet'.";
    private const string Queries = "Keep a query as a view: CREATE VIEW schema.name AS SELECT …";
    private const string Settings = "SET name = value changes a setting of this session, SHOW ALL lists them.";
    private const string Steps = "Name a step with WITH name AS (…), or keep it as a table of a schema.";

    private static readonly FrozenDictionary<string, string> s_instead = new Dictionary<string, string>
    {
        ["BEGIN"] = Transactions,
        ["START"] = Transactions,
        ["COMMIT"] = Transactions,
        ["END"] = Transactions,
        ["ROLLBACK"] = $"{Transactions} ALTER TABLE … EXECUTE rollback_to_snapshot(…) goes back.",
        ["ABORT"] = Transactions,
        ["SAVEPOINT"] = Transactions,
        ["GRANT"] = Rights,
        ["REVOKE"] = Rights,
        ["DENY"] = Rights,
        ["SHOW GRANTS"] = Rights,
        ["SHOW ROLES"] = Identities,
        ["SET ROLE"] = Identities,
        ["CREATE ROLE"] = Identities,
        ["CREATE USER"] = Identities,
        ["DROP ROLE"] = Identities,
        ["DROP USER"] = Identities,
        ["ATTACH"] = Files,
        ["DETACH"] = Files,
        ["INSTALL"] = "What the engine has is built in: SHOW FUNCTIONS lists it.",
        ["LOAD"] = "What the engine has is built in: SHOW FUNCTIONS lists it.",
        ["PRAGMA"] = Settings,
        ["CREATE TEMP"] = Steps,
        ["CREATE TEMPORARY"] = Steps,
        ["CREATE MACRO"] = Queries,
        ["CREATE FUNCTION"] = Queries,
        ["CREATE MATERIALIZED"] = "Keep the rows with CREATE TABLE … AS SELECT …, or the query with CREATE VIEW.",
        ["REFRESH"] = "Make the table again: CREATE OR REPLACE TABLE … AS SELECT …",
        ["CREATE INDEX"] = "Filters are fast by WITH (partitioning = …, sorted_by = …).",
        ["CREATE UNIQUE"] = "Filters are fast by WITH (partitioning = …, sorted_by = …).",
        ["ANALYZE"] = "Statistics are written with every file: SHOW STATS FOR table.",
        ["EXPORT"] = "COPY (query) TO 'file.parquet' writes rows, as tarn export does.",
        ["IMPORT"] = "tarn ingest loads files, INSERT INTO … SELECT … FROM 'file' too.",
        ["REPLACE"] = "Write INSERT INTO, or CREATE OR REPLACE TABLE … AS SELECT …",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The error for a statement that is not run.</summary>
    public static TarnException Error(SqlStatement statement) => statement switch
    {
        OtherStatement other when s_instead.TryGetValue(other.Kind, out string? instead) => TarnException.Unsupported($"This version of Tarn does not run {other.Kind}. {instead}"),
        OtherStatement other => TarnException.Unsupported($"This version of Tarn does not run {other.Kind} statements."),
        UpdateStatement => TarnException.Unsupported("This version of Tarn does not run UPDATE. Write the changed rows into a new table: CREATE OR REPLACE TABLE … AS SELECT …"),
        MergeStatement => TarnException.Unsupported("This version of Tarn does not run MERGE. Write the merged rows into a new table: CREATE OR REPLACE TABLE … AS SELECT …"),
        ShowQueryStatsStatement => TarnException.Unsupported("This version of Tarn shows statistics of tables only: SHOW STATS FOR table. EXPLAIN of a query says which files it reads."),
        ExecuteImmediateStatement => TarnException.Unsupported("This version of Tarn does not run EXECUTE IMMEDIATE. Write the statement itself, or PREPARE name AS … and EXECUTE name (…)."),
        DescribePreparedStatement => TarnException.Unsupported("This version of Tarn does not run DESCRIBE INPUT and DESCRIBE OUTPUT. DESCRIBE SELECT … shows the columns of a query."),
        _ => TarnException.Unsupported($"This version of Tarn does not run {statement.GetType().Name.Replace("Statement", "", StringComparison.Ordinal)} statements."),
    };
}
