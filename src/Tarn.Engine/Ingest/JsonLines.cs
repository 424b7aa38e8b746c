using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Text;

namespace Tarn.Engine.Ingest;

/// <summary>A line of a file with one JSON value per line.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Bytes">Its bytes without the end of the line; valid until the next line is asked for.</param>
internal readonly record struct JsonLine(long Number, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Deeper nesting is refused; the engine's own limit is higher.</summary>
    private const int MaxDepth = 1000;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>True when nothing stands on it; such lines are no records.</summary>
    public bool IsBlank => Bytes.Span.Trim(" \t\r"u8).IsEmpty;

    /// <summary>What is wrong with the line, or null when it is a JSON object.</summary>
    public string? Problem()
    {
        // The parser compares names and would fail over one that is no Unicode.
        if (JsonDefect.FindInTexts(Bytes.Span, MaxDepth) is { } ill)
            return Problem(ill);
        try
        {
            using var document = JsonDocument.Parse(Bytes, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? null : $"a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()} instead of an object";
        }
        catch (JsonException)
        {
            return JsonDefect.Find(Bytes.Span, MaxDepth, allowDuplicates: false) is { } defect ? "no JSON object: " + Problem(defect) : "no JSON object";
        }
    }

    // The line is the file's, not the parser's.
    private static string Problem(JsonDefect defect) => $"{defect.Problem}, at byte {defect.Column}";
}

/// <summary>Reads files with one JSON value per line.</summary>
internal static class JsonLines
{
    /// <summary>Longest line, as the engine reads them.</summary>
    public const int MaxLineBytes = 256 * 1024 * 1024;
    private const int FirstBufferBytes = 1 << 20;

    /// <summary>All lines, also blank ones. A byte order mark is left out.</summary>
    /// <exception cref="TarnException">InvalidRequest when a line is longer than <see cref="MaxLineBytes"/>.</exception>
    public static IEnumerable<JsonLine> Read(SourceFile file)
    {
        using var stream = SourceText.Open(file);
        byte[] buffer = new byte[FirstBufferBytes];
        int start = 0, end = 0, searched = 0;
        long number = 0;
        while (true)
        {
            int newLine = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newLine >= 0)
            {
                int next = searched + newLine;
                yield return Line(buffer, start, next, ++number);
                start = searched = next + 1;
                continue;
            }

            searched = end;
            if (end == buffer.Length)
                (buffer, start, end, searched) = (MakeRoom(buffer, start, end, file), 0, end - start, end - start);
            int read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
                break;
            end += read;
        }

        if (end > start)
            yield return Line(buffer, start, end, ++number);
    }

    /// <summary>Whether a line end follows the last line; false also for a packed file, which would have to be unpacked to tell.</summary>
    public static bool EndsWithLineEnd(SourceFile file)
    {
        if (file.Compression != "none")
            return false;
        using var stream = File.OpenRead(file.Path);
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    private static JsonLine Line(byte[] buffer, int start, int end, long number)
    {
        if (number == 1 && buffer.AsSpan(start, end - start).StartsWith("\uFEFF"u8))
            start += "\uFEFF"u8.Length;
        return new JsonLine(number, buffer.AsMemory(start, end - start));
    }

    private static byte[] MakeRoom(byte[] buffer, int start, int end, SourceFile file)
    {
        int length = end - start;
        if (length >= MaxLineBytes)
            throw TarnException.Invalid($"File '{file.Name}' has a line of more than {MaxLineBytes} bytes. Split it into lines of one JSON object each.");
        byte[] room = length > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, length).CopyTo(room);
        return room;
    }
}
