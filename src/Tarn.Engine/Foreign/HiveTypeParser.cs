using System.Globalization;
using Tarn.Core.Errors;

namespace Tarn.Engine.Foreign;

/// <summary>Reads types as Hive writes them.</summary>
internal ref struct HiveTypeParser
{
    // Deeper types are damage, or made to exhaust the stack.
    private const int MaxDepth = 32;

    private readonly string _text;
    private int _position, _depth;

    private HiveTypeParser(string text) => _text = text;

    /// <summary>Reads a type.</summary>
    /// <exception cref="TarnException">DataCorrupted: the text is no type.</exception>
    public static HiveType Parse(string text)
    {
        var parser = new HiveTypeParser(text);
        var type = parser.Type();
        return parser._position == text.Length ? type : throw parser.Wrong("more follows on the type");
    }

    private HiveType Type()
    {
        if (++_depth > MaxDepth)
            throw Wrong($"types are nested more than {MaxDepth} deep");
        int end = _text.AsSpan(_position).IndexOfAny("(<>,)");
        string name = (end < 0 ? _text[_position..] : _text.Substring(_position, end)).Trim().ToLowerInvariant();
        _position = end < 0 ? _text.Length : _position + end;
        if (name.Length == 0)
            throw Wrong("a type is missing");
        var type = name switch
        {
            "array" => new HiveType(name, [], Parts(1, named: false)),
            "map" => new HiveType(name, [], Parts(2, named: false)),
            "struct" or "uniontype" => new HiveType(name, [], Parts(0, named: name == "struct")),
            "timestamplocaltz" => new HiveType("timestamp with local time zone", [], []),
            _ => new HiveType(name, Next('(') ? Numbers() : [], []),
        };
        _depth--;
        return type;
    }

    private List<HiveField> Parts(int count, bool named)
    {
        var parts = new List<HiveField>();
        if (!Next('<'))
            throw Wrong("'<' is missing");
        do
        {
            parts.Add(new HiveField(named ? FieldName() : "", Type()));
        }
        while (Next(','));
        if (!Next('>'))
            throw Wrong("'>' is missing");
        return count == 0 || parts.Count == count ? parts : throw Wrong($"{count} types are expected between '<' and '>'");
    }

    private string FieldName()
    {
        int colon = _text.IndexOf(':', _position);
        if (colon <= _position)
            throw Wrong("the name of a field is missing");
        string name = _text[_position..colon].Trim();
        _position = colon + 1;
        return name;
    }

    private List<int> Numbers()
    {
        int end = _text.IndexOf(')', _position);
        if (end < 0)
            throw Wrong("')' is missing");
        var numbers = new List<int>();
        foreach (string part in _text[_position..end].Split(','))
            numbers.Add(int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Wrong($"'{part}' is no number"));
        _position = end + 1;
        return numbers;
    }

    private bool Next(char sign)
    {
        if (_position >= _text.Length || _text[_position] != sign)
            return false;
        _position++;
        return true;
    }

    private readonly TarnException Wrong(string what) =>
        TarnException.Corrupted($"'{_text}' is no type of Hive: {what} at character {(_position + 1).ToString(CultureInfo.InvariantCulture)}.");
}
