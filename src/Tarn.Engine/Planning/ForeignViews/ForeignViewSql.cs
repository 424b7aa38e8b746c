using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>
/// Queries of views that Spark or Trino wrote, as queries of the engine. Only what means the same in both is let through: a view that would answer
/// something else here is refused, naming the view, its dialect and the words. Its words are looked at first, then, with its tables bound, the types
/// in the engine's own plan, where every cast that no one wrote can be seen.
/// </summary>
/// <param name="view">The view.</param>
internal sealed class ForeignViewSql(ForeignView view)
{
    /// <summary>Dialects that are understood in part.</summary>
    public static readonly IReadOnlyList<string> Dialects = ["spark", "trino"];

    private readonly ForeignViewSyntax syntax = new(view);

    /// <summary>The query as the engine spells it.</summary>
    /// <exception cref="TarnException">Unsupported: it says something that is not understood.</exception>
    public string Translate(string sql, DuckDbConnection connection)
    {
        string spelled = ForeignViewText.Respell(view, sql);
        using var tree = ParseTree.Serialize(spelled, connection);
        if (tree.RootElement.GetProperty("error").GetBoolean())
            throw view.Refused(tree.RootElement.GetProperty("error_message").GetString()!);
        syntax.Check(tree.RootElement.GetProperty("statements"));
        ForeignViewSettings.Check(view, connection);
        return spelled;
    }

    /// <summary>The relation that the view is, with the types that it declares: another engine gives results other types, for instance sums.</summary>
    /// <param name="body">The query that <see cref="Translate"/> gave, with marks in place of its tables and views.</param>
    /// <param name="sources">What the marks stand for.</param>
    /// <param name="columns">Columns that the view declares.</param>
    /// <param name="connection">Plans it; runs nothing.</param>
    /// <exception cref="TarnException">Unsupported: types meet in it that the dialects treat differently.</exception>
    public string Finish(string body, ForeignViewSources sources, IReadOnlyList<NestedField> columns, DuckDbConnection connection)
    {
        string stood = sources.Stand(view, body);
        if (syntax.SelectsAll)
            ForeignViewPlan.RequireNames(view, stood, columns, connection);
        new ForeignViewPlan(view, syntax.Literals, syntax.UntypedLiterals).Check(Declared(stood, columns), connection);
        return Declared(sources.Restore(ForeignViewLetters.Guard(view, body, connection)), columns);
    }

    /// <summary>A query as a relation with declared columns.</summary>
    public static string Declared(string body, IReadOnlyList<NestedField> columns)
    {
        string selected = string.Join(", ", columns.Select(c => $"{EngineSql.Identifier(c.Name)}::{EngineType.Of(c.Type)} AS {EngineSql.Identifier(c.Name)}"));
        return $"(SELECT {selected} FROM ({body}\n) AS __tarn_view({string.Join(", ", columns.Select(c => EngineSql.Identifier(c.Name)))}))";
    }
}
