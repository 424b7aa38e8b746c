using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tarn.Core.Text;

/// <summary>A walk through the tokens of a document that keeps the path, up to the first defect.</summary>
internal sealed class JsonWalk(int maxDepth, bool allowDuplicates)
{
    private const string LoneSurrogate = "half of a surrogate pair (\\uD800 to \\uDFFF alone), which is no character";
    private readonly Stack<Level> _levels = new();

    /// <summary>The defect, or null.</summary>
    /// <param name="utf8">The document, as far as it is UTF-8.</param>
    /// <param name="isCut">Whether bytes follow that are none.</param>
    public (int At, string Path, string Problem)? Find(ReadOnlySpan<byte> utf8, bool isCut)
    {
        // As a part of a document first, so that an early end is told from all else.
        var reader = new Utf8JsonReader(utf8, isFinalBlock: false, new JsonReaderState(Options));
        try
        {
            while (reader.Read())
            {
                if (Take(ref reader) is { } problem)
                    return ((int)reader.TokenStartIndex, Path(), problem);
            }
        }
        catch (JsonException error)
        {
            int at = Offset(utf8, error);
            return (at, Path(), Problem(utf8, at));
        }

        int end = utf8.TrimEnd(" \t\r\n"u8).Length;
        return isCut ? (utf8.Length, Path(), "a byte that is no UTF-8")
            : end == 0 ? (0, "", "nothing is there")
            : IsWhole(utf8) ? null : (end, Path(), "it ends before it is whole");
    }

    private JsonReaderOptions Options => new() { MaxDepth = maxDepth };

    private bool IsWhole(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        try
        {
            while (reader.Read())
                continue;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private string? Take(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
        {
            _levels.Pop();
            return null;
        }

        if (_levels.TryPeek(out var level))
            level.Next(reader.TokenType);
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            _levels.Push(new Level(reader.TokenType == JsonTokenType.StartObject ? [] : null));
        if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
            return null;
        return TryText(ref reader) is { } text ? Name(text, reader.TokenType) : LoneSurrogate;
    }

    private string? Name(string text, JsonTokenType type)
    {
        if (type != JsonTokenType.PropertyName)
            return null;
        var level = _levels.Peek();
        bool isNew = level.Names!.Add(text);
        if (isNew || allowDuplicates)
            level.Name = text;
        return isNew || allowDuplicates ? null : $"'{text}' stands twice in one object";
    }

    private static string? TryText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // What the reader says of such an escape, and of nothing else here: the bytes are UTF-8.
            return null;
        }
    }

    // The path of a name is its object's.
    private string Path()
    {
        var path = new StringBuilder();
        foreach (var level in _levels.Reverse())
        {
            if (level.Names is null)
                path.Append(CultureInfo.InvariantCulture, $"[{Math.Max(level.Index, 0)}]");
            else if (level.Name is { } name)
                path.Append(path.Length == 0 ? "" : ".").Append(name);
        }

        return path.ToString();
    }

    private string Problem(ReadOnlySpan<byte> utf8, int at)
    {
        if (at >= utf8.Length)
            return "it ends before it is whole";
        if (utf8[at] is (byte)'{' or (byte)'[' && _levels.Count >= maxDepth)
            return string.Create(CultureInfo.InvariantCulture, $"it is nested deeper than {maxDepth} levels");
        if (utf8[at] < ' ')
            return string.Create(CultureInfo.InvariantCulture, $"a control character (0x{utf8[at]:X2}), which texts hold escaped only");
        Rune.DecodeFromUtf8(utf8[at..], out var found, out _);
        return $"'{found}' is not expected here";
    }

    private static int Offset(ReadOnlySpan<byte> utf8, JsonException error)
    {
        int start = 0;
        for (long line = error.LineNumber ?? 0; line > 0 && utf8[start..].IndexOf((byte)'\n') is >= 0 and var end; line--)
            start += end + 1;
        return (int)Math.Min(utf8.Length, start + (error.BytePositionInLine ?? 0));
    }

    // An object has names; an array counts.
    private sealed class Level(HashSet<string>? names)
    {
        public HashSet<string>? Names => names;

        public string? Name { get; set; }

        public int Index { get; private set; } = -1;

        public void Next(JsonTokenType token)
        {
            if (token == JsonTokenType.PropertyName)
                Name = null;
            else
                Index++;
        }
    }
}
