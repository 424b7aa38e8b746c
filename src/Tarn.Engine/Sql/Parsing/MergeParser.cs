using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>MERGE INTO.</summary>
internal static class MergeParser
{
    public static SqlStatement Read(TokenCursor cursor)
    {
        cursor.Expect("MERGE", "INTO");
        var table = cursor.ExpectName("a table name");
        var alias = DataParser.ReadAlias(cursor);
        cursor.Expect("USING");
        var source = QueryParser.ReadExpression(cursor, "a table or query", "ON", "USING");
        var usesColumns = cursor.TryTake("USING");
        if (!usesColumns)
        {
            cursor.Expect("ON");
        }

        var on = QueryParser.ReadExpression(cursor, "a condition", "WHEN");
        List<MergeClause> clauses = [];
        do
        {
            clauses.Add(ReadClause(cursor));
        }
        while (!cursor.AtEnd);

        return new MergeStatement(table, alias, source, on, usesColumns, clauses);
    }

    private static MergeClause ReadClause(TokenCursor cursor)
    {
        cursor.Expect("WHEN");
        var not = cursor.TryTake("NOT");
        cursor.Expect("MATCHED");
        var bySource = not && cursor.TryTake("BY", "SOURCE");
        if (not && !bySource)
        {
            cursor.TryTake("BY", "TARGET");
        }

        var match = bySource ? MergeMatch.NotMatchedBySource : not ? MergeMatch.NotMatched : MergeMatch.Matched;
        var condition = cursor.TryTake("AND") ? QueryParser.ReadExpression(cursor, "a condition", "THEN") : null;
        cursor.Expect("THEN");
        return new MergeClause(match, condition, ReadAction(cursor));
    }

    // Commas separate assignments and columns here, so the action runs to the next WHEN outside of brackets and CASE … END.
    private static QueryText ReadAction(TokenCursor cursor)
    {
        var start = cursor.Index;
        if (!cursor.IsAt("UPDATE") && !cursor.IsAt("INSERT") && !cursor.IsAt("DELETE") && !cursor.IsAt("DO") && !cursor.IsAt("ERROR"))
        {
            throw cursor.Expected("UPDATE, INSERT, DELETE or DO NOTHING");
        }

        var cases = 0;
        while (!cursor.AtEnd && (cases > 0 || !cursor.IsAt("WHEN")))
        {
            cases += cursor.IsAt("CASE") ? 1 : cursor.IsAt("END") && cases > 0 ? -1 : 0;
            cursor.SkipBalanced();
        }

        var end = cursor.Index;
        cursor.Index = start;
        return QueryParser.ReadPart(cursor, end);
    }
}
