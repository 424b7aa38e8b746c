using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>
/// Calls of <c>iceberg_table('path')</c>, and of the table functions of a catalog (<c>iceberg.system.catalog_search('orders')</c>). They are written as table
/// names before the engine parses the query, because its grammar has aliases and time travel behind tables only, and table functions without catalogs.
/// </summary>
internal static class PathCalls
{
    /// <summary>The function's name.</summary>
    public const string FunctionName = "iceberg_table";

    private const string Mark = "\u0001path:";

    /// <summary>The query with names in place of calls.</summary>
    /// <exception cref="TarnException">InvalidRequest when the argument is not one text.</exception>
    public static EditedText Replace(string query)
    {
        var edits = new TextEdits(query);
        if (query.Contains(FunctionName, StringComparison.OrdinalIgnoreCase) || query.Contains(NameResolver.SystemSchema, StringComparison.OrdinalIgnoreCase))
        {
            var tokens = SqlLexer.Tokenize(SqlText.Of(query));
            for (int i = 0; i + 1 < tokens.Count; i++)
            {
                if (IsSystemCall(tokens, i))
                    edits.Replace(tokens[i].Offset, RequireText(tokens, i).End, EngineSql.Identifier(SystemCalls.NameOf(tokens[i].Value, tokens[i + 2].Value)));
                if (!tokens[i].IsWord(FunctionName) || !tokens[i + 1].IsSymbol("("))
                    continue;
                if (i + 3 >= tokens.Count || tokens[i + 2].Kind != TokenKind.Text || !tokens[i + 3].IsSymbol(")") || tokens[i + 2].Value.Length == 0)
                    throw new SqlSyntaxException(tokens[i].Source, tokens[i].Offset, $"{FunctionName} takes one text: the path of a table folder or of a metadata file");
                edits.Replace(tokens[i].Offset, tokens[i + 3].End, EngineSql.Identifier(Mark + tokens[i + 2].Value));
            }
        }

        return edits.Apply();
    }

    // system.NAME(…) of one text; behind the name of a catalog whatever is in the brackets, because the engine has no such functions.
    private static bool IsSystemCall(IReadOnlyList<Token> tokens, int i) =>
        i >= 2 && tokens[i].IsName && tokens[i - 1].IsSymbol(".") && tokens[i - 2].IsName
        && tokens[i - 2].Value.Equals(NameResolver.SystemSchema, StringComparison.OrdinalIgnoreCase)
        && tokens[i + 1].IsSymbol("(") && (TakesText(tokens, i) || (i >= 4 && tokens[i - 3].IsSymbol(".") && tokens[i - 4].IsName));

    private static bool TakesText(IReadOnlyList<Token> tokens, int i) => i + 3 < tokens.Count && tokens[i + 2].Kind == TokenKind.Text && tokens[i + 3].IsSymbol(")");

    // The bracket that ends the call.
    private static Token RequireText(IReadOnlyList<Token> tokens, int i) => TakesText(tokens, i)
        ? tokens[i + 3]
        : throw new SqlSyntaxException(tokens[i].Source, tokens[i].Offset, $"{NameResolver.SystemSchema}.{tokens[i].Value} takes one text: {NameResolver.SystemSchema}.{tokens[i].Value}('…')");

    /// <summary>The path when a name stands for a call, else null.</summary>
    public static string? PathOf(IReadOnlyList<string> name) => name is [var only] && only.StartsWith(Mark, StringComparison.Ordinal) ? only[Mark.Length..] : null;
}
