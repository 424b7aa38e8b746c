using System.Text;

namespace Tarn.Access.Policies;

/// <summary>Kind of a part of a pattern.</summary>
internal enum PatternPartKind
{
    Literal,
    AnyText,
    AnyCharacter,
    Variable,
}

/// <summary>A part of a pattern.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">The literal, or the condition key of a variable; empty for wildcards.</param>
/// <param name="Default">What an absent variable stands for; null when nothing does.</param>
internal readonly record struct PatternPart(PatternPartKind Kind, string Text, string? Default = null);

/// <summary>
/// A pattern as a policy writes it: text, wildcards, and policy variables <c>${key}</c> or <c>${key, 'default'}</c>, whose values are taken
/// literally. <c>${*}</c>, <c>${?}</c> and <c>${$}</c> are those characters themselves.
/// See "IAM policy elements: Variables and tags" of the IAM user guide.
/// </summary>
internal sealed class PatternTemplate
{
    private readonly IReadOnlyList<PatternPart> _parts;
    private readonly bool _ignoreCase;
    private readonly WildcardPattern? _fixed;

    public PatternTemplate(IReadOnlyList<PatternPart> parts, bool ignoreCase = false)
    {
        _parts = parts;
        _ignoreCase = ignoreCase;
        if (!parts.Any(p => p.Kind == PatternPartKind.Variable))
            _fixed = WildcardPattern.Create(parts, ignoreCase);
    }

    /// <summary>Whether a text fits; never when a variable without default is absent.</summary>
    public bool IsMatch(ReadOnlySpan<char> text, ConditionValues values) => (_fixed ?? Resolve(values))?.IsMatch(text) ?? false;

    /// <exception cref="FormatException">A variable is not closed or its default is malformed.</exception>
    public static List<PatternPart> Split(string text, bool hasVariables, bool hasWildcards)
    {
        var parts = new List<PatternPart>();
        var literal = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (hasVariables && text[i] == '$' && i + 1 < text.Length && text[i + 1] == '{')
            {
                int end = text.IndexOf('}', i);
                if (end < 0)
                    throw new FormatException($"the variable '{text[i..]}' lacks its closing brace");
                AddVariable(parts, literal, text[(i + 2)..end]);
                i = end;
            }
            else if (hasWildcards && text[i] is ('*' or '?'))
            {
                Flush(parts, literal);
                parts.Add(new PatternPart(text[i] == '*' ? PatternPartKind.AnyText : PatternPartKind.AnyCharacter, ""));
            }
            else
            {
                literal.Append(text[i]);
            }
        }

        Flush(parts, literal);
        return parts;
    }

    private static void AddVariable(List<PatternPart> parts, StringBuilder literal, string variable)
    {
        if (variable is "*" or "?" or "$")
        {
            literal.Append(variable);
            return;
        }

        Flush(parts, literal);
        int comma = variable.IndexOf(',', StringComparison.Ordinal);
        string key = (comma < 0 ? variable : variable[..comma]).Trim();
        string? otherwise = comma < 0 ? null : variable[(comma + 1)..].Trim();
        if (key.Length == 0 || otherwise is not null && !(otherwise.Length >= 2 && otherwise[0] == '\'' && otherwise[^1] == '\''))
            throw new FormatException($"the variable '${{{variable}}}' is not of the form ${{key}} or ${{key, 'default'}}");
        parts.Add(new PatternPart(PatternPartKind.Variable, key, otherwise?[1..^1]));
    }

    private static void Flush(List<PatternPart> parts, StringBuilder literal)
    {
        if (literal.Length == 0)
            return;
        parts.Add(new PatternPart(PatternPartKind.Literal, literal.ToString()));
        literal.Clear();
    }

    // A variable with several values stands for none of them.
    private WildcardPattern? Resolve(ConditionValues values)
    {
        var resolved = new List<PatternPart>(_parts.Count);
        foreach (var part in _parts)
        {
            if (part.Kind != PatternPartKind.Variable)
                resolved.Add(part);
            else if ((values[part.Text] is [var only] ? only : part.Default) is { } value)
                resolved.Add(new PatternPart(PatternPartKind.Literal, value));
            else
                return null;
        }

        return WildcardPattern.Create(resolved, _ignoreCase);
    }
}
