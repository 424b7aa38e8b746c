using Tarn.Catalog.Hive.Protocol;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>Splits a filter into words, operators, brackets and quoted texts, which keep their quotes.</summary>
internal static class TableFilterTokens
{
    /// <summary>Longest filter: clients name one parameter.</summary>
    private const int MaxChars = 16_384;

    /// <exception cref="HiveFault">MetaException: a character that no filter has, or a quote without end.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        if (text.Length > MaxChars)
            throw new HiveFault(HiveExceptionKind.Meta, $"Error parsing partition filter: it has {text.Length} characters; at most {MaxChars} are allowed");
        var tokens = new List<string>();
        for (int at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            int length = LengthAt(text.AsSpan(at));
            if (length == 0)
                throw new HiveFault(HiveExceptionKind.Meta, $"Error parsing partition filter: lexer error at character {at + 1} of '{text}'");
            tokens.Add(text.Substring(at, length));
            at += length;
        }

        return tokens;
    }

    // 0 when nothing begins here.
    private static int LengthAt(ReadOnlySpan<char> rest)
    {
        if (rest[0] is '"' or '\'')
            return rest[1..].IndexOf(rest[0]) is >= 0 and var end ? end + 2 : 0;
        if (rest[0] is '(' or ')')
            return 1;
        if (rest[0] is '=' or '<' or '>' or '!')
            return rest.Length > 1 && (rest[1] == '=' || (rest[0] == '<' && rest[1] == '>')) ? 2 : rest[0] == '!' ? 0 : 1;
        int length = 0;
        while (length < rest.Length && (char.IsLetterOrDigit(rest[length]) || rest[length] is '_' or '.' or '-' or '$' or ':'))
            length++;
        return length;
    }
}
