using System.Text;
using Tarn.Core.Compression;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Engine.Ingest;

/// <summary>A file to bring in.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Name">As the user named it, for messages.</param>
/// <param name="Format">Its format.</param>
/// <param name="Compression">The engine's name of its compression: <c>none</c>, <c>gzip</c>, <c>zstd</c>.</param>
/// <param name="Encoding">The engine's name of its text encoding, or one of <see cref="TextCopy"/>.</param>
public sealed record SourceFile(string Path, string Name, SourceFormat Format, string Compression, string Encoding)
{
    /// <summary>Lines that were taken out of a file of JSON lines; null when none were looked for or found.</summary>
    internal JsonLinesFilter? Filtered { get; init; }

    /// <summary>Longest JSON value, beyond which reading fails: the engine holds twice as much memory for each of its threads.</summary>
    internal int MaxObjectBytes { get; init; } = JsonSource.UsualObjectBytes;

    /// <summary>Columns of Parquet with instants in nanoseconds, which the engine takes for local times.</summary>
    internal IReadOnlyList<string> ZonedNanos { get; init; } = [];

    /// <summary>Rows of a Parquet file; null for other formats, which do not say.</summary>
    internal long? RowCount { get; init; }

    /// <summary>True for text without the name of a format, which is taken for CSV because it is no other.</summary>
    internal bool IsGuess { get; init; }

    /// <summary>True when the user said the format.</summary>
    internal bool IsStated { get; init; }

    /// <summary>Lines at the beginning of delimited text that are left out; they count where lines are told.</summary>
    internal int SkippedLines { get; init; }

    private const int ProbeBytes = 64 * 1024;
    private static readonly string[] Extensions = [".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl", ".parquet"];

    /// <summary>All files that sources name: a folder stands for the data files below it, a glob for what it matches.</summary>
    /// <exception cref="TarnException">NotFound for a source that names nothing; InvalidRequest for an empty file or an unknown format.</exception>
    /// <param name="sources">Files, globs, folders, <c>-</c>.</param>
    /// <param name="format">Format of all; null finds it out.</param>
    /// <param name="spooled">Where a source that can be read only once was written to; null for others.</param>
    public static IReadOnlyList<SourceFile> Find(IReadOnlyList<string> sources, SourceFormat? format, Func<string, string?> spooled)
    {
        var files = new List<SourceFile>();
        foreach (string source in sources)
        {
            if (spooled(source) is { } input)
            {
                files.Add(Probe(input, source == StandardInput.Source ? "standard input" : source, format));
                continue;
            }

            var paths = Expand(source);
            if (paths.Count == 0 && source.Contains("://", StringComparison.Ordinal))
                throw TarnException.Invalid($"'{source}' is no file of this machine. Copy it here first{(source.StartsWith("s3://", StringComparison.Ordinal) ? $" ('tarn s3 cp {source} .')" : "")}; - takes standard input.");
            if (paths.Count == 0)
                throw TarnException.NotFound($"'{source}' names no file. Give a file, a glob in quotes ('data/*.csv') or a folder with {string.Join(", ", Extensions)} files.");
            files.AddRange(paths.Select(p => Probe(p, p, format)));
        }

        return files;
    }

    /// <summary>Finds out format, compression and encoding of a file.</summary>
    public static SourceFile Probe(string path, string name, SourceFormat? format)
    {
        byte[] head = ReadHead(path, name);
        string compression = PackedFile.CompressionOf(head) ?? "none";
        byte[] text = compression == "none" ? head : Unpack(path, name, compression);
        var named = ByName(name);
        var detected = format ?? named ?? ByContent(text, name);
        if (detected == SourceFormat.Parquet && compression != "none")
            throw TarnException.Unsupported($"File '{name}' is Parquet packed with {compression}. Unpack it first ('{(compression == "gzip" ? "gzip" : "zstd")} -d'); Parquet is compressed inside.");
        if (format is null && detected == SourceFormat.Json && HasJsonLines(text))
            detected = SourceFormat.Ndjson;
        return new SourceFile(System.IO.Path.GetFullPath(path), name, detected, compression, detected == SourceFormat.Csv ? EncodingOf(text) : "utf-8") { IsGuess = format is null && named is null, IsStated = format is not null };
    }

    private static List<string> Expand(string source)
    {
        if (Directory.Exists(source))
            return [.. Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(f => ByName(f) is not null && !System.IO.Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal)];
        if (File.Exists(source))
            return [source];
        if (source.AsSpan().IndexOfAny('*', '?') < 0)
            return [];
        string folder = System.IO.Path.GetDirectoryName(source) is { Length: > 0 } named ? named : ".";
        if (folder.AsSpan().IndexOfAny('*', '?') >= 0)
            throw TarnException.Invalid($"'{source}': only the file name may hold * and ?. Name the folder instead; the files below it are found.");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, System.IO.Path.GetFileName(source)).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Opens a file that is named as a source.</summary>
    /// <exception cref="TarnException">PermissionDenied when it may not be read.</exception>
    internal static FileStream OpenRead(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new TarnException(ErrorKind.PermissionDenied, $"File '{path}' may not be read: {e.Message}", e);
        }
    }

    private static byte[] ReadHead(string path, string name)
    {
        // What has no length is not opened: a pipe in a folder would wait for its writer.
        using var file = new FileInfo(path).Length == 0 ? throw Empty(name) : OpenRead(path);
        if (!file.CanSeek)
            throw TarnException.Invalid($"File '{name}' is a pipe, which can be read only once. Name it itself instead of its folder.");
        byte[] head = new byte[Math.Min(file.Length, ProbeBytes)];
        file.ReadExactly(head);
        return head.Length > 0 ? head : throw Empty(name);
    }

    private static TarnException Empty(string name) => TarnException.Invalid($"File '{name}' is empty (0 bytes). Remove it from the sources, or repeat its download.");

    private static byte[] Unpack(string path, string name, string compression)
    {
        using var file = File.OpenRead(path);
        if (compression == "zstd")
            return Zstandard.Begin(file, ProbeBytes, name);
        using var stream = UnpackingStream.Gzip(file, name);
        byte[] buffer = new byte[ProbeBytes];
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }

    private static SourceFormat? ByName(string path)
    {
        string name = path.ToLowerInvariant();
        foreach (string packed in (string[])[".gz", ".gzip", ".zst", ".zstd"])
            name = name.EndsWith(packed, StringComparison.Ordinal) ? name[..^packed.Length] : name;
        return System.IO.Path.GetExtension(name) switch
        {
            ".csv" or ".tsv" or ".txt" => SourceFormat.Csv,
            ".json" => SourceFormat.Json,
            ".ndjson" or ".jsonl" => SourceFormat.Ndjson,
            ".parquet" => SourceFormat.Parquet,
            _ => null,
        };
    }

    private static SourceFormat ByContent(ReadOnlySpan<byte> head, string name)
    {
        if (head.StartsWith("PAR1"u8))
            return SourceFormat.Parquet;
        var text = head.TrimStart(" \t\r\n\uFEFF"u8);
        if (text.StartsWith("["u8))
            return SourceFormat.Json;
        if (text.StartsWith("{"u8))
            return SourceFormat.Json;
        if (head.StartsWith("PK\u0003\u0004"u8))
            throw TarnException.Unsupported($"File '{name}' is a zip archive, as Excel workbooks are. Save the sheet as CSV, or unpack the archive.");
        return head.IndexOf((byte)0) < 0 || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            ? SourceFormat.Csv
            : throw TarnException.Unsupported($"File '{name}' is no CSV, JSON or Parquet file. Convert it; gzip and zstd are unpacked, other packings are not.");
    }

    // Many files of JSON lines are named .json.
    private static bool HasJsonLines(ReadOnlyMemory<byte> head)
    {
        int end = head.Span.IndexOf((byte)'\n');
        return end > 0 && new JsonLine(1, head[..end]).Problem() is null && head.Span[end..].TrimStart(" \t\r\n"u8).StartsWith("{"u8);
    }

    private static string EncodingOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return "utf-16";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return TextCopy.Utf16HighByteFirst;
        // A character may be cut at the end of the probe.
        for (int cut = 0; cut < (head.Length < ProbeBytes ? 1 : 4); cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(head[..^cut]))
                return "utf-8";
        }

        // What begins with the mark of UTF-8 is no other text: the engine finds the bytes that are none.
        return head.StartsWith(System.Text.Encoding.UTF8.Preamble) ? "utf-8" : TextCopy.Windows1252;
    }
}
