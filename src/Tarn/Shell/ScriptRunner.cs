using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Shell;

/// <summary>Runs the statements of a script in order and stops at the first that fails.</summary>
internal static class ScriptRunner
{
    /// <summary>Runs a script.</summary>
    /// <param name="runner">Runs each statement.</param>
    /// <param name="script">The text.</param>
    /// <param name="name">Name of the file for messages, or null when the text was typed.</param>
    /// <param name="cancellationToken">Cancels the running statement and ends the script.</param>
    /// <exception cref="TarnException">A statement failed; those before it have taken effect.</exception>
    public static async Task RunAsync(StatementRunner runner, string script, string? name, CancellationToken cancellationToken)
    {
        var statements = Statements(script);
        foreach (var statement in statements)
        {
            try
            {
                await runner.RunAsync(statement.Text, cancellationToken);
            }
            catch (TarnException error) when (name is not null || statements.Count > 1)
            {
                string line = statement.Position.Line.ToString(CultureInfo.InvariantCulture);
                throw new TarnException(error.Kind, $"{name ?? "script"}, statement at line {line}: {error.Message}", error);
            }
        }
    }

    /// <summary>True when no statement of a script changes a lake. One that cannot be parsed changes nothing.</summary>
    public static bool OnlyReads(string script) => Statements(script).All(statement =>
    {
        try
        {
            return SqlParser.Parse(statement.Text) is QueryStatement or ExplainStatement or DescribeStatement or ShowCatalogsStatement or ShowSchemasStatement or ShowTablesStatement
                or ShowViewsStatement or ShowColumnsStatement or ShowCreateStatement or ShowPropertiesStatement or ShowRefsStatement or ShowStatsStatement;
        }
        catch (TarnException)
        {
            return true;
        }
    });

    private static IReadOnlyList<SqlText> Statements(string script) =>
        // The first line of an executable script names its program.
        SqlScript.Split(script.StartsWith("#!", StringComparison.Ordinal) ? "--" + script : script);
}
