using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Types;

namespace Tarn.Engine.Execution;

/// <summary>
/// <c>SET VARIABLE name = value</c>. The value may be a query's, which would not give it twice: what the session keeps, for the day when the engine is started
/// anew, is the value itself as SQL text.
/// </summary>
internal static class SetVariable
{
    /// <summary>What is set in the engine for a variable.</summary>
    public static string Target(string name) => $"VARIABLE {EngineSql.Identifier(name)}";

    /// <summary>Runs the statement. The variable stays as it was when it fails.</summary>
    /// <exception cref="TarnException">Unsupported: the value's type has no text that gives it back.</exception>
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, string name, SqlText value, CancellationToken cancellationToken)
    {
        var kept = await ValueText.OfAsync(context, value, context.Options.Parameters, $"Variable '{name}' cannot hold", cancellationToken).ConfigureAwait(false);
        context.Connection.Execute($"SET {Target(name)} = {kept.Sql}", cancellationToken);
        context.Session.Variables[Target(name)] = kept.Sql;
        return RowsResult.Done("SET");
    }
}
