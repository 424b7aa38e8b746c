using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Sql.Parsing;

/// <content>Names, literals and slices of balanced tokens.</content>
internal sealed partial class TokenCursor
{
    /// <summary>A dotted name; <paramref name="what"/> says what it names, as in <c>a table name</c>.</summary>
    public QualifiedName ExpectName(string what)
    {
        var start = _index;
        List<NamePart> parts = [ExpectPart(what)];
        while (Current.IsSymbol("."))
        {
            Take();
            parts.Add(Current.IsName ? ToPart(Take()) : throw Expected($"the rest of {what}"));
        }

        return new QualifiedName(parts, SliceFrom(start));
    }

    /// <summary>A single name without dots.</summary>
    public string ExpectIdentifier(string what) => ExpectPart(what).Text;

    /// <summary>Whether a name can stand here.</summary>
    public bool AtName => Current.IsName && !(Current.Kind == TokenKind.Word && SqlKeywords.IsNeverName(Current.Value));

    /// <summary>The content of a string literal.</summary>
    public string ExpectText(string what) => Current.Kind == TokenKind.Text ? Take().Value : throw Expected(what);

    /// <summary>A whole number without sign.</summary>
    public long ExpectInteger(string what)
    {
        if (Current.Kind == TokenKind.Number
            && long.TryParse(Current.Span, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
        {
            Take();
            return number;
        }

        throw Expected(what);
    }

    /// <summary>Reads <c>item (, item)* )</c> behind an opened bracket and takes the closing one. At least one item.</summary>
    public List<T> ListUntil<T>(string closer, Func<T> item)
    {
        List<T> items = [item()];
        while (TryTakeSymbol(","))
        {
            items.Add(item());
        }

        ExpectSymbol(closer);
        return items;
    }

    /// <summary>Reads <c>( item, … )</c>.</summary>
    public List<T> Parenthesised<T>(Func<T> item)
    {
        ExpectSymbol("(");
        return ListUntil(")", item);
    }

    /// <summary>
    /// An expression: balanced tokens up to a comma, a closing bracket, the end or one of the words outside of brackets and of CASE … END.
    /// </summary>
    public SqlText ExpectExpression(string what, params ReadOnlySpan<string> stopWords)
    {
        var start = _index;
        var cases = 0;
        while (!AtEnd && !Current.IsSymbol(",") && !IsCloser(Current) && (cases > 0 || !IsAnyWord(stopWords)))
        {
            cases += Current.IsWord("CASE") ? 1 : Current.IsWord("END") && cases > 0 ? -1 : 0;
            SkipBalanced();
        }

        return _index > start ? SliceFrom(start) : throw Expected(what);
    }

    /// <summary>Everything up to the end of the statement, as text with balanced brackets.</summary>
    public SqlText ExpectRest(string what)
    {
        var start = _index;
        while (!AtEnd)
        {
            SkipBalanced();
        }

        return _index > start ? SliceFrom(start) : throw Expected(what);
    }

    /// <summary>Takes one token, or a bracket with all it encloses.</summary>
    public void SkipBalanced()
    {
        var token = Take();
        if (IsCloser(token))
        {
            throw NothingOpen(token);
        }

        if (IsOpener(token))
        {
            SkipToCloser(token);
        }
    }

    private void SkipToCloser(Token opener)
    {
        Stack<Token> open = new([opener]);
        while (open.Count > 0)
        {
            var token = Take();
            if (token.Kind == TokenKind.End)
            {
                throw At(open.Peek(), $"this '{open.Peek()}' is never closed; expected '{CloserOf(open.Peek())}' before the end of the statement");
            }

            if (IsOpener(token))
            {
                open.Push(token);
            }
            else if (IsCloser(token) && token.Span[0] != CloserOf(open.Pop()))
            {
                throw NothingOpen(token);
            }
        }
    }

    private SqlSyntaxException NothingOpen(Token token) => At(token, $"this '{token}' closes nothing that is open");

    private static bool IsOpener(Token token) => token.Kind == TokenKind.Symbol && token.Length == 1 && token.Span[0] is '(' or '[' or '{';

    private static bool IsCloser(Token token) => token.Kind == TokenKind.Symbol && token.Length == 1 && token.Span[0] is ')' or ']' or '}';

    private static char CloserOf(Token opener) => opener.Span[0] switch { '(' => ')', '[' => ']', _ => '}' };

    private bool IsAnyWord(ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Current.IsWord(word))
            {
                return true;
            }
        }

        return false;
    }

    private NamePart ExpectPart(string what)
    {
        if (AtName)
        {
            return ToPart(Take());
        }

        throw Expected(what, Current.Kind == TokenKind.Word ? $"a reserved word: write {SqlPrinter.QuoteIdentifier(Current.Value)} to use it as a name" : null);
    }

    private static NamePart ToPart(Token token) => new(token.Value, token.Kind != TokenKind.Word);
}
