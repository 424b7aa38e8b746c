using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Lineage;

/// <summary>What a statement is called in lineage.</summary>
internal static class StatementOperation
{
    /// <summary>The name, or null for a statement that moves no rows and makes nothing of others.</summary>
    public static string? Of(SqlStatement statement) => statement switch
    {
        QueryStatement => "SELECT",
        InsertStatement => "INSERT",
        DeleteStatement => "DELETE",
        TruncateStatement => "TRUNCATE",
        UpdateStatement => "UPDATE",
        MergeStatement => "MERGE",
        CreateTableStatement => "CREATE TABLE",
        CreateViewStatement => "CREATE VIEW",
        AlterTableStatement => "ALTER TABLE",
        ExecuteStatement => "EXECUTE",
        CallStatement => "CALL",
        OtherStatement { Kind: "COPY" } => "COPY",
        _ => null,
    };
}
