using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tarn.Core.Checksums;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// Which segments make up the index, newest first, and from which log on changes are not in them. Lines of text in the file <c>manifest</c>, replaced as
/// a whole; the last line is a checksum of those before.
/// </summary>
/// <param name="FirstLog">Logs with smaller numbers are done with.</param>
/// <param name="NextNumber">For the next segment; greater than all numbers given.</param>
/// <param name="Segments">Numbers of the segments.</param>
internal sealed record IndexManifest(long FirstLog, long NextNumber, ImmutableArray<long> Segments)
{
    private const string FileName = "manifest", Title = "tarn object index 1";

    public static IndexManifest Empty { get; } = new(1, 1, []);

    /// <returns>Null when there is none.</returns>
    /// <exception cref="TarnException">DataCorrupted, or Unsupported for a newer format.</exception>
    public static IndexManifest? Read(IFileSystem files, string folder)
    {
        string path = Path.Join(folder, FileName);
        if (WholeFile.Read(files, path) is not { } content)
            return null;
        string text = Encoding.UTF8.GetString(content);
        if (text.StartsWith("tarn object index ", StringComparison.Ordinal) && !text.StartsWith(Title + "\n", StringComparison.Ordinal))
            throw TarnException.Unsupported($"The object index '{folder}' was written by a newer Tarn ({text.Split('\n')[0]}); run that one.");
        return Parse(text) ?? throw TarnException.Corrupted($"'{path}' is damaged. Restore the folder '{folder}' from a backup, or run 'tarn s3 repair', which keeps all that can be read and brings objects back from their files.");
    }

    public void Write(IFileSystem files, string folder) => WholeFile.Write(files, Path.Join(folder, FileName), Encoding.UTF8.GetBytes(Format()));

    private string Format()
    {
        string body = string.Create(CultureInfo.InvariantCulture, $"{Title}\nfirst-log {FirstLog}\nnext {NextNumber}\nsegments {string.Join(' ', Segments)}\n");
        return body + Checksum(body) + "\n";
    }

    private static IndexManifest? Parse(string text)
    {
        int bodyLength = text.TrimEnd('\n').LastIndexOf('\n') + 1;
        string[] lines = text.Split('\n');
        if (lines is not [_, var firstLog, var next, var segments, var checksum, ""] || checksum != Checksum(text[..bodyLength]))
            return null;
        string[] numbers = segments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new IndexManifest(Number(firstLog), Number(next), [.. numbers.Skip(1).Select(Number)]);
    }

    private static long Number(string line) => long.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Checksum(string body) => Crc32C.Compute(Encoding.UTF8.GetBytes(body)).ToString("x8", CultureInfo.InvariantCulture);
}
