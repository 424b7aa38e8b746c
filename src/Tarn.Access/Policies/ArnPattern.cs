namespace Tarn.Access.Policies;

/// <summary>
/// A pattern of ARNs. The six parts between the first five colons are matched one by one, so that a wildcard never reaches over a part;
/// <c>*</c> alone is every resource.
/// </summary>
internal sealed class ArnPattern
{
    private const int PartCount = 6; // arn:partition:service:region:account:resource

    private readonly PatternTemplate[]? _parts;

    private ArnPattern(PatternTemplate[]? parts) => _parts = parts;

    /// <exception cref="FormatException">Neither <c>*</c> nor an ARN.</exception>
    public static ArnPattern Parse(string text, bool hasVariables)
    {
        if (text == "*")
            return new ArnPattern(null);
        var parts = new List<List<PatternPart>> { new() };
        foreach (var part in PatternTemplate.Split(text, hasVariables, hasWildcards: true))
            AddPart(parts, part);
        if (parts.Count < PartCount || parts[0] is not [{ Kind: PatternPartKind.Literal, Text: "arn" }])
            throw new FormatException($"'{text}' is not an ARN (arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE) or '*'");
        return new ArnPattern([.. parts.Select(p => new PatternTemplate(p))]);
    }

    /// <summary>Whether an ARN fits; a text that is no ARN fits only <c>*</c>.</summary>
    public bool IsMatch(string arn, ConditionValues values)
    {
        if (_parts is null)
            return true;
        ReadOnlySpan<char> rest = arn;
        for (int i = 0; i < PartCount - 1; i++)
        {
            int colon = rest.IndexOf(':');
            if (colon < 0 || !_parts[i].IsMatch(rest[..colon], values))
                return false;
            rest = rest[(colon + 1)..];
        }

        return _parts[PartCount - 1].IsMatch(rest, values);
    }

    private static void AddPart(List<List<PatternPart>> parts, PatternPart part)
    {
        if (part.Kind != PatternPartKind.Literal)
        {
            parts[^1].Add(part);
            return;
        }

        string rest = part.Text;
        int colon;
        while (parts.Count < PartCount && (colon = rest.IndexOf(':', StringComparison.Ordinal)) >= 0)
        {
            if (colon > 0)
                parts[^1].Add(new PatternPart(PatternPartKind.Literal, rest[..colon]));
            parts.Add([]);
            rest = rest[(colon + 1)..];
        }

        if (rest.Length > 0)
            parts[^1].Add(new PatternPart(PatternPartKind.Literal, rest));
    }
}
