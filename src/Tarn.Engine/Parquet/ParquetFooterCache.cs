using System.Collections.Concurrent;

namespace Tarn.Engine.Parquet;

/// <summary>Footers by location of the data file. Data files never change, so an entry is valid for ever; the number kept is bounded.</summary>
internal sealed class ParquetFooterCache
{
    private const int MaxEntries = 200_000;
    private readonly ConcurrentDictionary<string, ParquetFooter> footers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ParquetColumn> schemas = new(StringComparer.Ordinal);

    /// <summary>The footer of the file that lies at <paramref name="path"/>.</summary>
    public ParquetFooter Get(string location, string path)
    {
        if (footers.TryGetValue(location, out var footer))
            return footer;
        footer = ParquetFooter.Read(path);
        // Thousands of files share a few schemas: keep one tree of each.
        footer = footer with { Root = schemas.GetOrAdd(footer.Fingerprint, footer.Root) };
        if (footers.Count >= MaxEntries)
            footers.Clear();
        footers[location] = footer;
        return footer;
    }
}
