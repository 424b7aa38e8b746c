using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;

namespace Tarn.Engine.Execution;

/// <summary>
/// <c>COPY (query) TO 'file' (options)</c> and <c>COPY table [(columns)] TO 'file' (options)</c>: the query runs over the lake as any other, DuckDB writes the
/// file and reads the options.
/// </summary>
internal static class CopyQuery
{
    private const string Opening = "COPY (";

    /// <summary>Runs the statement; answers the number of rows written.</summary>
    /// <exception cref="TarnException">InvalidRequest: it is of another form.</exception>
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, SqlText text, CancellationToken cancellationToken)
    {
        var (query, target) = Split(text);
        using var planned = await context.Planner.PlanAsync(query, context.Scope, context.Options.Parameters, cancellationToken).ConfigureAwait(false);
        planned.Bound.RequireOneStatement();
        // Looked through before: a file that was written cannot be taken back.
        var packed = PackedSources.Check(planned.PackedFiles, cancellationToken);
        await using (packed.ConfigureAwait(false))
            await packed.RequireWholeAsync().ConfigureAwait(false);
        using var pump = ProgressPump.Start(context, "writing");
        try
        {
            using var statement = context.Connection.Prepare($"{Opening}{planned.Bound.Sql}) {target}", cancellationToken);
            statement.BindAll(context.Options.Parameters);
            return RowsResult.Done("COPY", statement.Execute(cancellationToken));
        }
        catch (DuckDbException e)
        {
            throw EngineErrors.Translate(e, planned.Bound, query, Opening.Length);
        }
    }

    /// <summary>The query, and what follows it from <c>TO</c> on.</summary>
    private static (QueryText Query, string Target) Split(SqlText text)
    {
        var tokens = SqlLexer.Tokenize(text);
        int to = FindTo(tokens);
        if (to < 0 || to + 1 >= tokens.Count || tokens[to + 1].Kind != TokenKind.Text)
            throw new SqlSyntaxException(text.Source, tokens[^1].Offset, "expected COPY (query) TO 'file' or COPY table TO 'file'; files come in with INSERT INTO … SELECT … FROM 'file' or tarn ingest");
        bool isQuery = tokens[1].IsSymbol("(") && tokens[to - 1].IsSymbol(")");
        if (isQuery && to == 3)
            throw new SqlSyntaxException(text.Source, tokens[1].Offset, "expected a query in these brackets: COPY (SELECT …) TO 'file'");
        if (isQuery)
            return (QueryText.From(Slice(text, tokens[2], tokens[to - 2])), Slice(text, tokens[to], tokens[^2]).Text);
        if (tokens[to - 1].IsSymbol(")") && tokens[to - 2].IsSymbol("("))
            throw new SqlSyntaxException(text.Source, tokens[to - 2].Offset, "expected columns in these brackets: COPY t (a, b) TO 'file', or COPY t TO 'file' for all; a function is called in a query: COPY (SELECT * FROM f()) TO 'file'");
        int open = FindColumns(tokens, to) ?? to;
        string columns = open == to ? "*" : Slice(text, tokens[open + 1], tokens[to - 2]).Text;
        var query = QueryText.From(SqlText.Of($"SELECT {columns} FROM {Slice(text, tokens[1], tokens[open - 1]).Text}"));
        return (query, Slice(text, tokens[to], tokens[^2]).Text);
    }

    // The bracket that opens a list of columns: names parted by commas behind a dotted name. Anything else in brackets is part of what is read.
    private static int? FindColumns(IReadOnlyList<Token> tokens, int to)
    {
        int open = 1;
        while (open < to && !tokens[open].IsSymbol("("))
            open++;
        return open < to && AreNames(tokens, 1, open, ".") && open % 2 == 0 && tokens[to - 1].IsSymbol(")") && AreNames(tokens, open + 1, to - 1, ",") ? open : null;
    }

    private static bool AreNames(IReadOnlyList<Token> tokens, int start, int end, string separator) =>
        Enumerable.Range(start, end - start).All(i => (i - start) % 2 == 0 ? tokens[i].IsName : tokens[i].IsSymbol(separator));

    private static SqlText Slice(SqlText text, Token first, Token last) => new(text.Source, first.Offset, last.End - first.Offset);

    // The TO outside of all brackets.
    private static int FindTo(IReadOnlyList<Token> tokens)
    {
        int depth = 0;
        for (int i = 1; i < tokens.Count; i++)
        {
            if (tokens[i].IsSymbol("("))
                depth++;
            else if (tokens[i].IsSymbol(")"))
                depth--;
            else if (depth == 0 && i > 1 && tokens[i].IsWord("TO"))
                return i;
        }

        return -1;
    }
}
