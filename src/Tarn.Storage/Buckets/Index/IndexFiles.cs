using System.Globalization;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Index;

/// <summary>Names inside the folder of an index.</summary>
internal sealed class IndexFiles(IFileSystem files, string folder)
{
    private const string LogPrefix = "log-", SegmentPrefix = "segment-";

    public IFileSystem Disk => files;

    public string Folder => folder;

    public string Log(long number) => Path.Join(folder, LogPrefix + number.ToString(CultureInfo.InvariantCulture));

    public string Segment(long number) => Path.Join(folder, SegmentPrefix + number.ToString(CultureInfo.InvariantCulture));

    public IReadOnlyList<long> Logs() => Numbers(LogPrefix);

    public IReadOnlyList<long> Segments() => Numbers(SegmentPrefix);

    private List<long> Numbers(string prefix) =>
        [.. files.Enumerate(folder)
            .Where(e => e.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(e => long.TryParse(e.Path.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0)
            .Where(n => n > 0).Order()];
}
