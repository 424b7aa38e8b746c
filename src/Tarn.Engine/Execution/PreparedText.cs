using System.Globalization;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Execution;

/// <summary>
/// A prepared statement with values in the places of its parameters. They are put in as text, so that each keeps its type, and stands also where tables are found
/// before anything is computed: <c>FOR VERSION AS OF ?</c>.
/// </summary>
internal sealed class PreparedText
{
    private readonly PrepareStatement prepared;
    private readonly IReadOnlyList<Argument> arguments;
    private readonly List<string> names = [];
    private readonly HashSet<Argument> used = [];
    private int questionMarks;

    private PreparedText(PrepareStatement prepared, IReadOnlyList<Argument> arguments)
    {
        this.prepared = prepared;
        this.arguments = arguments;
    }

    /// <summary>The statement to run.</summary>
    /// <param name="prepared">The prepared statement.</param>
    /// <param name="arguments">Constants, which mean the same everywhere; see <see cref="ExecuteArguments"/>.</param>
    /// <exception cref="TarnException">InvalidRequest: a parameter has no value, or a value no parameter.</exception>
    public static SqlStatement Fill(PrepareStatement prepared, IReadOnlyList<Argument> arguments) => new PreparedText(prepared, arguments).Fill();

    private SqlStatement Fill()
    {
        var written = prepared.Statement.Source;
        var text = new StringBuilder();
        int at = written.Offset;
        foreach (var token in SqlLexer.Tokenize(written).Where(t => t.Kind == TokenKind.Parameter))
        {
            text.Append(written.Source.Text, at, token.Offset - at).Append(Value(token.Value));
            at = token.End;
        }

        if (arguments.FirstOrDefault(a => !used.Contains(a)) is { } left)
            throw TarnException.Invalid(string.Create(CultureInfo.InvariantCulture, $"The prepared statement '{prepared.Name}' has {Math.Max(questionMarks, names.Count)} parameters, but {arguments.Count} values are given: there is no place for {(left.Name is null ? "" : $"{left.Name} => ")}{left.Value.Text}."));
        return at == written.Offset ? prepared.Statement : SqlParser.Parse(SqlText.Of(text.Append(written.Source.Text, at, written.Offset + written.Length - at).ToString()));
    }

    private string Value(string parameter)
    {
        int position = PositionOf(parameter);
        string name = parameter.TrimStart('$', ':');
        var argument = arguments.Any(a => a.Name is not null)
            ? arguments.FirstOrDefault(a => a.Name?.Equals(name, StringComparison.OrdinalIgnoreCase) == true)
            : arguments.ElementAtOrDefault(position - 1);
        if (argument is null)
            throw TarnException.Invalid(string.Create(CultureInfo.InvariantCulture, $"The prepared statement '{prepared.Name}' has no value for {(parameter == "?" ? $"its parameter {position}" : parameter)}. Give one for each: EXECUTE {SqlPrinter.Identifier(prepared.Name)} (value, …), or (name => value, …) where parameters have names."));
        used.Add(argument);
        return position <= prepared.ParameterTypes.Count ? $"CAST({argument.Value.Text} AS {prepared.ParameterTypes[position - 1].Text})" : Operand(argument.Value);
    }

    // Question marks count up, $n says its number, and names are numbered as they come.
    private int PositionOf(string parameter)
    {
        if (parameter == "?")
            return ++questionMarks;
        if (int.TryParse(parameter.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            questionMarks = Math.Max(questionMarks, number);
            return number;
        }

        string name = parameter[1..];
        if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
            names.Add(name);
        return names.FindIndex(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) + 1;
    }

    private static string Operand(SqlText value) => SqlLexer.Tokenize(value) switch
    {
        [{ Kind: TokenKind.Text or TokenKind.Number or TokenKind.Binary }, _] or [{ Kind: TokenKind.Word }, { Kind: TokenKind.Text }, _] => value.Text,
        _ => $"({value.Text})",
    };
}
