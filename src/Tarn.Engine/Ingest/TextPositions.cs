namespace Tarn.Engine.Ingest;

/// <summary>Where something stands in a text.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Offset">Bytes before it.</param>
internal readonly record struct TextPosition(long Line, long Offset);

/// <summary>Finds the lines of places that are known by their offsets.</summary>
internal static class TextPositions
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The first character that ends no line, at each offset or behind it; a line ends with LF, CR LF or CR.</summary>
    /// <param name="text">The text from its beginning, in UTF-8 or another encoding that writes line ends as ASCII does.</param>
    /// <param name="offsets">Ascending.</param>
    public static List<TextPosition> Find(Stream text, IReadOnlyList<long> offsets)
    {
        var found = new List<TextPosition>(offsets.Count);
        byte[] buffer = new byte[BufferBytes];
        long line = 1, offset = 0;
        bool isBehindReturn = false;
        for (int read = text.Read(buffer); read > 0 && found.Count < offsets.Count; read = text.Read(buffer))
        {
            foreach (byte character in buffer.AsSpan(0, read))
            {
                line += isBehindReturn && character != '\n' ? 1 : 0;
                isBehindReturn = character == '\r';
                if (character is not ((byte)'\r' or (byte)'\n'))
                    Add(found, offsets, new TextPosition(line, offset));
                line += character == '\n' ? 1 : 0;
                offset++;
            }
        }

        while (found.Count < offsets.Count)
            found.Add(new TextPosition(line, offset));
        return found;
    }

    private static void Add(List<TextPosition> found, IReadOnlyList<long> offsets, TextPosition position)
    {
        while (found.Count < offsets.Count && offsets[found.Count] <= position.Offset)
            found.Add(position);
    }
}
