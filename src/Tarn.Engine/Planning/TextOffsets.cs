using System.Text;
using System.Text.Json;

namespace Tarn.Engine.Planning;

/// <summary>Places in a query as this program counts them, in characters; the engine's tree counts bytes of UTF-8.</summary>
/// <param name="text">The query.</param>
internal sealed class TextOffsets(string text)
{
    // The character that each byte belongs to; null where both are the same.
    private readonly int[]? _chars = Ascii.IsValid(text) ? null : Chars(text);

    /// <summary>The character at an offset in bytes; the end of the text for one beyond it.</summary>
    public int Of(int bytes) => _chars is null ? Math.Min(bytes, text.Length) : _chars[Math.Min(bytes, _chars.Length - 1)];

    /// <summary>Where a node of the tree stands, in characters; -1 when it does not say.</summary>
    public int Of(JsonElement node) => node.TryGetProperty("query_location", out var location) && location.TryGetInt32(out int bytes) ? Of(bytes) : -1;

    private static int[] Chars(string text)
    {
        var chars = new List<int>(text.Length + 1);
        int offset = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            // An offset inside of a character is none of the engine's: it means the next one.
            chars.Add(offset);
            offset += rune.Utf16SequenceLength;
            chars.AddRange(Enumerable.Repeat(offset, rune.Utf8SequenceLength - 1));
        }

        return [.. chars, offset];
    }
}
