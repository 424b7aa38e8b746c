namespace Tarn.Access.Policies;

/// <summary>
/// A text in which <c>*</c> stands for any characters and <c>?</c> for one UTF-16 unit. Matching looks for the pieces between the stars
/// one after the other and never goes back, so that no pattern makes it slow.
/// </summary>
internal sealed class WildcardPattern
{
    private readonly Piece[] _pieces;
    private readonly StringComparison _comparison;

    private WildcardPattern(Piece[] pieces, bool ignoreCase)
    {
        _pieces = pieces;
        _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
    }

    /// <summary>A pattern as written: every <c>*</c> and <c>?</c> is a wildcard.</summary>
    public static WildcardPattern Parse(string text, bool ignoreCase = false) => Create(PatternTemplate.Split(text, hasVariables: false, hasWildcards: true), ignoreCase);

    /// <summary>A pattern of parts, none of which is a variable.</summary>
    public static WildcardPattern Create(IEnumerable<PatternPart> parts, bool ignoreCase)
    {
        var pieces = new List<Piece>();
        var building = new PieceBuilder();
        foreach (var part in parts)
        {
            if (part.Kind == PatternPartKind.AnyText)
                pieces.Add(building.Take());
            else
                building.Append(part);
        }

        pieces.Add(building.Take());
        return new WildcardPattern([.. pieces], ignoreCase);
    }

    /// <summary>Whether the whole text fits.</summary>
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        var first = _pieces[0];
        if (_pieces.Length == 1)
            return text.Length == first.Length && first.IsAt(text, _comparison);
        if (!first.IsAt(text, _comparison))
            return false;
        text = text[first.Length..];
        var last = _pieces[^1];
        if (text.Length < last.Length || !last.IsAt(text[(text.Length - last.Length)..], _comparison))
            return false;
        text = text[..(text.Length - last.Length)];
        foreach (var piece in _pieces.AsSpan(1, _pieces.Length - 2))
        {
            int at = piece.IndexIn(text, _comparison);
            if (at < 0)
                return false;
            text = text[(at + piece.Length)..];
        }

        return true;
    }

    /// <summary>What stands between two stars. <c>IsAny[i]</c> marks a <c>?</c>; null when there is none.</summary>
    private readonly record struct Piece(string Text, bool[]? IsAny)
    {
        public int Length => Text.Length;

        public bool IsAt(ReadOnlySpan<char> text, StringComparison comparison)
        {
            if (IsAny is null)
                return text.StartsWith(Text, comparison);
            if (text.Length < Text.Length)
                return false;
            for (int i = 0; i < Text.Length; i++)
            {
                if (!IsAny[i] && !text.Slice(i, 1).Equals(Text.AsSpan(i, 1), comparison))
                    return false;
            }

            return true;
        }

        public int IndexIn(ReadOnlySpan<char> text, StringComparison comparison)
        {
            if (IsAny is null)
                return text.IndexOf(Text, comparison);
            for (int at = 0; at <= text.Length - Text.Length; at++)
            {
                if (IsAt(text[at..], comparison))
                    return at;
            }

            return -1;
        }
    }

    private sealed class PieceBuilder
    {
        private readonly System.Text.StringBuilder _text = new();
        private readonly List<bool> _isAny = [];

        public void Append(PatternPart part)
        {
            _text.Append(part.Kind == PatternPartKind.AnyCharacter ? "?" : part.Text);
            while (_isAny.Count < _text.Length)
                _isAny.Add(part.Kind == PatternPartKind.AnyCharacter);
        }

        public Piece Take()
        {
            var piece = new Piece(_text.ToString(), _isAny.Contains(true) ? [.. _isAny] : null);
            _text.Clear();
            _isAny.Clear();
            return piece;
        }
    }
}
