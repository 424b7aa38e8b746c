using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Types;

namespace Tarn.Engine.Execution;

/// <summary>SHOW of what is asked of the engine by queries: settings, functions; and of partitions, which are a metadata table.</summary>
internal static class ShowSettings
{
    /// <summary><c>SHOW name</c>: the value of a setting.</summary>
    /// <exception cref="TarnException">NotFound when there is none of that name.</exception>
    public static Task<StatementResult> OneAsync(StatementContext context, ShowVariableStatement show, CancellationToken cancellationToken)
    {
        string name = show.Name.Dotted;
        try
        {
            object? value = context.Connection.Scalar($"SELECT current_setting({EngineSql.String(name)})::VARCHAR", cancellationToken);
            return Task.FromResult<StatementResult>(RowsResult.OfText("SHOW", [name], [[value?.ToString()]]));
        }
        catch (DuckDbException e) when (e.Type == DuckDbErrorType.Catalog)
        {
            throw TarnException.NotFound($"There is no setting '{name}'. SHOW ALL lists the settings; DESCRIBE {name} shows a table.");
        }
    }

    /// <summary><c>SHOW ALL</c> and <c>SHOW SESSION</c>.</summary>
    public static Task<StatementResult> AllAsync(StatementContext context, CancellationToken cancellationToken) =>
        QueryAsync(context, "SELECT name AS \"Name\", value AS \"Value\", description AS \"Description\" FROM duckdb_settings() ORDER BY ALL", cancellationToken);

    /// <summary><c>SHOW FUNCTIONS</c>.</summary>
    public static Task<StatementResult> FunctionsAsync(StatementContext context, CancellationToken cancellationToken) =>
        QueryAsync(
            context,
            "SELECT DISTINCT function_name AS \"Function\", return_type AS \"Return Type\", array_to_string(parameter_types, ', ') AS \"Argument Types\", function_type AS \"Function Type\", description AS \"Description\" FROM duckdb_functions() WHERE NOT starts_with(function_name, '__') ORDER BY ALL",
            cancellationToken);

    /// <summary><c>SHOW PARTITIONS FROM table</c>.</summary>
    public static Task<StatementResult> PartitionsAsync(StatementContext context, ShowPartitionsStatement show, CancellationToken cancellationToken)
    {
        string[] parts = [.. show.Table.Texts];
        parts[^1] += "$partitions";
        return QueryAsync(context, $"SELECT * FROM {string.Join('.', parts.Select(EngineSql.Identifier))}", cancellationToken);
    }

    private static Task<StatementResult> QueryAsync(StatementContext context, string sql, CancellationToken cancellationToken) =>
        RunQuery.ExecuteAsync(context, QueryText.From(SqlText.Of(sql)), cancellationToken);
}
