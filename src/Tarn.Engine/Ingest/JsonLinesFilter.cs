using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Engine.Ingest;

/// <summary>
/// A file of JSON lines without the lines that are no JSON objects. Where they stood are blank lines, so that all others keep their numbers; they
/// themselves go to a second file. Both lie in the staging area until this is disposed.
/// </summary>
internal sealed class JsonLinesFilter : IDisposable
{
    private const int ShownCharacters = 80;
    private readonly StagedFile rest;
    private readonly StagedFile rejected;

    private JsonLinesFilter(IObjectStore store) => (rest, rejected) = (store.Stage(".ndjson"), store.Stage(".ndjson"));

    /// <summary>Lines taken out.</summary>
    public long RejectedCount { get; private set; }

    /// <summary>The file without them.</summary>
    public string RestPath => rest.Path;

    /// <summary>The lines taken out: objects with <c>line</c>, <c>reason</c> and <c>content</c>.</summary>
    public string RejectedPath => rejected.Path;

    /// <summary>Length of the longest of these objects.</summary>
    public int LongestRejectedBytes { get; private set; }

    /// <summary>Looks at every line; null when nothing has to be taken out.</summary>
    public static JsonLinesFilter? Run(SourceFile file, IObjectStore store, CancellationToken cancellationToken)
    {
        if (FirstProblem(file, cancellationToken) is null && !HasByteOrderMark(file))
            return null;
        var filter = new JsonLinesFilter(store);
        try
        {
            filter.Split(file, cancellationToken);
            return filter;
        }
        catch
        {
            filter.Dispose();
            throw;
        }
    }

    /// <summary>The error of the first line that is no JSON object, or null.</summary>
    public static TarnException? FirstProblem(SourceFile file, CancellationToken cancellationToken)
    {
        foreach (var line in JsonLines.Read(file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!line.IsBlank && line.Problem() is { } problem)
                return TarnException.Invalid($"File '{file.Name}', line {line.Number}: {problem} ({Shown(line)}). Mend the line or take it out, or ingest with --on-error quarantine.");
        }

        return null;
    }

    /// <summary>True when the text begins with a mark that the engine does not pass over.</summary>
    public static bool HasByteOrderMark(SourceFile file)
    {
        Span<byte> head = stackalloc byte[3];
        using var stream = SourceText.Open(file);
        return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual("\uFEFF"u8);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        rest.Dispose();
        rejected.Dispose();
    }

    private void Split(SourceFile file, CancellationToken cancellationToken)
    {
        using var sound = File.Create(rest.Path);
        using var bad = File.Create(rejected.Path);
        foreach (var line in JsonLines.Read(file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (line.IsBlank || line.Problem() is not { } problem)
                sound.Write(line.Bytes.Span);
            else
                Reject(bad, line, problem);
            sound.WriteByte((byte)'\n');
        }
    }

    private void Reject(Stream bad, JsonLine line, string problem)
    {
        RejectedCount++;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("line", line.Number);
            json.WriteString("reason", problem);
            json.WriteString("content", Text(line).TrimEnd('\r'));
            json.WriteEndObject();
        }

        LongestRejectedBytes = Math.Max(LongestRejectedBytes, buffer.WrittenCount);
        bad.Write(buffer.WrittenSpan);
        bad.WriteByte((byte)'\n');
    }

    // Bytes that are no UTF-8 are shown as what they would be in Latin-1: nothing of them is lost.
    private static string Text(JsonLine line) =>
        Utf8.IsValid(line.Bytes.Span) ? Encoding.UTF8.GetString(line.Bytes.Span) : Encoding.Latin1.GetString(line.Bytes.Span);

    private static string Shown(JsonLine line) => Text(line).TrimEnd('\r') is { Length: > ShownCharacters } text ? text[..ShownCharacters] + "…" : Text(line).TrimEnd('\r');
}
