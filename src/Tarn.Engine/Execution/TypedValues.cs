using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Engine.Planning;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Execution;

/// <summary>
/// The rows of <c>INSERT … VALUES</c> take the types of the columns they go into, each value for itself: <c>('nan'), (0)</c> are two numbers.
/// They are held in a temporary table of the engine, which does just that.
/// </summary>
/// <param name="context">Where the statement runs.</param>
/// <param name="bound">The rows, as the engine is given them.</param>
internal sealed class TypedValues(StatementContext context, BoundQuery bound)
{
    private const string Table = "__tarn_values";

    private readonly Lazy<IReadOnlyList<IReadOnlyList<DuckDbType>>> ownTypes = new(() => FindOwnTypes(context, bound));

    /// <summary>True for a bare list of values.</summary>
    public static bool IsValues(QueryText query) => query.Text.AsSpan().TrimStart().StartsWith("VALUES", StringComparison.OrdinalIgnoreCase);

    /// <summary>Holds the rows; answers the query that reads them.</summary>
    public string Hold(QueryText query, IReadOnlyList<NestedField> columns)
    {
        // A value for a column of type unknown is refused when it is written, by the type it has itself.
        var given = columns.Any(f => f.Type.Id == TypeId.Unknown) ? OwnTypes[0] : [];
        string definitions = string.Join(", ", columns.Select((f, i) => $"c{i} {(f.Type.Id == TypeId.Unknown && i < given.Count ? TypeOf(given[i]) : EngineType.Of(f.Type))}"));
        try
        {
            context.Connection.Execute($"CREATE OR REPLACE TEMP TABLE {Table} ({definitions})");
            using var statement = context.Connection.Prepare($"INSERT INTO {Table} {bound.Sql}");
            statement.BindAll(context.Options.Parameters);
            statement.Execute();
        }
        catch (DuckDbException e)
        {
            throw EngineErrors.Translate(e, bound, query, $"INSERT INTO {Table} ".Length);
        }

        return $"SELECT * FROM {Table}";
    }

    /// <summary>
    /// The types that the rows have without a table: those of all of them, or of each for itself where the values of a column do not go together. The type of a
    /// parameter is not known.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<DuckDbType>> OwnTypes => ownTypes.Value;

    private static IReadOnlyList<IReadOnlyList<DuckDbType>> FindOwnTypes(StatementContext context, BoundQuery bound)
    {
        try
        {
            return [TypesOf(context, bound.Sql)];
        }
        catch (DuckDbException)
        {
            return [.. Rows(bound.Sql).Select(row => TypesOf(context, $"VALUES {row}"))];
        }
    }

    private static IReadOnlyList<DuckDbType> TypesOf(StatementContext context, string sql)
    {
        using var statement = context.Connection.Prepare(sql);
        return [.. statement.Columns.Select(c => c.Type)];
    }

    // Behind VALUES, brackets on the outermost level with commas between them.
    private static IEnumerable<string> Rows(string sql)
    {
        var tokens = SqlLexer.Tokenize(SqlText.Of(sql));
        for (int i = 1; tokens[i].IsSymbol("("); i += 2)
        {
            int start = tokens[i].Offset, depth = 0;
            do
                depth += tokens[i].IsSymbol("(") ? 1 : tokens[i].IsSymbol(")") ? -1 : 0;
            while (depth > 0 && tokens[++i].Kind != TokenKind.End);
            yield return sql[start..tokens[i].End];
            if (!tokens[i + 1].IsSymbol(","))
                yield break;
        }
    }

    private static string TypeOf(DuckDbType type) => type.Id is DuckDbTypeId.SqlNull or DuckDbTypeId.Invalid ? "VARCHAR" : type.ToString();
}
