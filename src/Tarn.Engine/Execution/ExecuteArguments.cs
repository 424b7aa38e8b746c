using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Execution;

/// <summary>
/// The values of EXECUTE as text that stands wherever a constant may. Each is found once, before the statement that takes it is, so that no column of that
/// statement's tables can be meant by it.
/// </summary>
internal sealed partial class ExecuteArguments
{
    private readonly StatementContext context;
    private readonly string name;
    private int questionMarks;

    private ExecuteArguments(StatementContext context, string name)
    {
        this.context = context;
        this.name = name;
    }

    /// <summary>The same arguments with a constant in the place of each expression.</summary>
    /// <exception cref="SqlSyntaxException">An argument names a column, or a parameter that has no value.</exception>
    /// <exception cref="TarnException">Unsupported: no text gives a value back.</exception>
    public static async Task<IReadOnlyList<Argument>> EvaluateAsync(StatementContext context, ExecuteStatement execute, CancellationToken cancellationToken)
    {
        var arguments = new ExecuteArguments(context, execute.Name);
        List<Argument> values = [];
        foreach (var argument in execute.Arguments)
            values.Add(argument with { Value = await arguments.ValueAsync(argument.Value, cancellationToken).ConfigureAwait(false) });
        return values;
    }

    private async Task<SqlText> ValueAsync(SqlText value, CancellationToken cancellationToken)
    {
        var tokens = SqlLexer.Tokenize(value);
        if (IsConstant(tokens))
            return value;
        var (expression, parameters) = Own(value, tokens);
        try
        {
            var found = await ValueText.OfAsync(context, expression, parameters, $"EXECUTE {SqlPrinter.Identifier(name)} cannot hand over", cancellationToken).ConfigureAwait(false);
            return SqlText.Of(Constant(found));
        }
        catch (SqlSyntaxException error) when (MissingColumn(error) is { } column)
        {
            throw new SqlSyntaxException(value.Source, value.Offset, $"there is no '{column}' to take the value {value.Text} from: the values of EXECUTE are found before the statement reads rows. Write a constant, in single quotes if it is text, or a query that answers one value");
        }
    }

    // As it is written it keeps what only literals have: they take the type of what they are compared with.
    private static bool IsConstant(IReadOnlyList<Token> tokens) => tokens is
        [{ Kind: TokenKind.Text or TokenKind.Number or TokenKind.Binary }, _] or [{ Kind: TokenKind.Word }, { Kind: TokenKind.Text }, _]
        || (tokens is [{ Kind: TokenKind.Word } word, _] && (word.IsWord("NULL") || word.IsWord("TRUE") || word.IsWord("FALSE")))
        || (tokens is [var sign, { Kind: TokenKind.Number }, _] && sign.IsSymbol("-"));

    // An argument counts its parameters for itself, where those of the statement are counted through all of them.
    private (SqlText Expression, IReadOnlyList<object?> Parameters) Own(SqlText value, IReadOnlyList<Token> tokens)
    {
        var text = new StringBuilder();
        List<object?> parameters = [];
        int at = value.Offset;
        foreach (var token in tokens.Where(t => t.Kind == TokenKind.Parameter))
        {
            int number = token.Value == "?" ? ++questionMarks : int.TryParse(token.Value.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 0;
            if (number < 1 || number > context.Options.Parameters.Count)
                throw new SqlSyntaxException(value.Source, token.Offset, string.Create(CultureInfo.InvariantCulture, $"the parameter {token.Value} has no value; {context.Options.Parameters.Count} values are given with the statement"));
            parameters.Add(context.Options.Parameters[number - 1]);
            text.Append(value.Source.Text, at, token.Offset - at).Append('?');
            at = token.End;
        }

        return parameters.Count == 0 ? (value, parameters) : (SqlText.Of(text.Append(value.Source.Text, at, value.Offset + value.Length - at).ToString()), parameters);
    }

    // Whole numbers of the types that the engine reads them as are bare, as are texts: they stand where a version does.
    private static string Constant(ValueText value) => value switch
    {
        { Text: null } => value.Sql,
        { Type: "VARCHAR" } => SqlPrinter.QuoteLiteral(value.Text),
        { Type: "INTEGER" } when value.Text != "-2147483648" => value.Text,
        { Type: "BIGINT" } when long.Parse(value.Text, CultureInfo.InvariantCulture) is > int.MaxValue or (< int.MinValue and > long.MinValue) => value.Text,
        _ => value.Sql,
    };

    private static string? MissingColumn(SqlSyntaxException error) => Missing().Match(error.Problem) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("^Referenced (?:column|table) \"(.+?)\" (?:was )?not found")]
    private static partial Regex Missing();
}
