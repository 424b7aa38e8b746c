using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Tarn.Core.Text;

/// <summary>What is wrong with bytes that should be JSON, and where: the messages of the parser of .NET speak of its options and count from zero.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">Byte in the line, from 1.</param>
/// <param name="Path">The value in which it is, e.g. <c>namespace[0]</c>; empty in the outermost, or where a defect of the bytes comes before any value.</param>
/// <param name="Problem">What it is, as the end of a sentence without its point.</param>
public sealed record JsonDefect(long Line, long Column, string Path, string Problem)
{
    /// <summary>Levels that a document may have where nothing else is said; as in .NET.</summary>
    public const int DefaultDepth = 64;

    /// <summary><c>line 1, byte 15, in namespace[0]: …</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}, byte {Column}{(Path.Length == 0 ? "" : ", in " + Path)}: {Problem}");

    /// <summary>The first defect; null when the bytes are one JSON value whose texts are Unicode.</summary>
    /// <param name="utf8">The bytes, without byte order mark.</param>
    /// <param name="maxDepth">Deepest nesting.</param>
    /// <param name="allowDuplicates">Whether a name may stand twice in an object.</param>
    public static JsonDefect? Find(ReadOnlySpan<byte> utf8, int maxDepth = DefaultDepth, bool allowDuplicates = true)
    {
        int invalid = IndexOfInvalid(utf8);
        return new JsonWalk(maxDepth, allowDuplicates).Find(invalid < 0 ? utf8 : utf8[..invalid], invalid >= 0) is var (at, path, problem) ? At(utf8, at, path, problem) : null;
    }

    /// <summary>The defect of a text; as <see cref="Find(ReadOnlySpan{byte}, int, bool)"/>.</summary>
    public static JsonDefect? Find(string json, int maxDepth = DefaultDepth, bool allowDuplicates = true) => Find(Encoding.UTF8.GetBytes(json), maxDepth, allowDuplicates);

    /// <summary>
    /// The first text that is no Unicode in what a parser took: parsers leave bytes and escapes inside of texts alone, and whoever reads such a text later fails there. Costs a look at
    /// the bytes when there are none.
    /// </summary>
    /// <param name="utf8">JSON, without byte order mark.</param>
    /// <param name="maxDepth">Deepest nesting.</param>
    public static JsonDefect? FindInTexts(ReadOnlySpan<byte> utf8, int maxDepth = DefaultDepth) =>
        Utf8.IsValid(utf8) && utf8.IndexOf("\\ud"u8) < 0 && utf8.IndexOf("\\uD"u8) < 0 ? null : Find(utf8, maxDepth);

    /// <summary>Why a document could not be read: its first defect, or what its reader missed in it. The end of a sentence without its point.</summary>
    /// <param name="utf8">The document, without byte order mark.</param>
    /// <param name="error">What its reader threw.</param>
    /// <param name="maxDepth">Deepest nesting.</param>
    public static string Explain(ReadOnlySpan<byte> utf8, Exception error, int maxDepth = DefaultDepth) => Find(utf8, maxDepth)?.ToString()
        ?? (error is JsonException { Path: { Length: > 0 } place } ? $"the value at '{place}' is of another kind than it must be" : error.Message.TrimEnd('.'));

    /// <summary>Why a text could not be read; as <see cref="Explain(ReadOnlySpan{byte}, Exception, int)"/>.</summary>
    public static string Explain(string json, Exception error, int maxDepth = DefaultDepth) => Explain(Encoding.UTF8.GetBytes(json), error, maxDepth);

    private static int IndexOfInvalid(ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8))
            return -1;
        int at = 0;
        while (Rune.DecodeFromUtf8(utf8[at..], out _, out int length) == OperationStatus.Done)
            at += length;
        return at;
    }

    private static JsonDefect At(ReadOnlySpan<byte> utf8, int at, string path, string problem)
    {
        var before = utf8[..at];
        return new JsonDefect(before.Count((byte)'\n') + 1, at - before.LastIndexOf((byte)'\n'), path, problem);
    }
}
