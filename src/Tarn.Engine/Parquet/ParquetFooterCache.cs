using Tarn.Core.Caching;

namespace Tarn.Engine.Parquet;

/// <summary>Footers by location of the data file. Data files never change, so an entry is valid for ever; the number kept is bounded.</summary>
internal sealed class ParquetFooterCache
{
    private const int MaxEntries = 200_000;
    private readonly ForgetfulCache<string, ParquetFooter> footers = new(MaxEntries);
    private readonly ForgetfulCache<string, ParquetColumn> schemas = new(MaxEntries);

    /// <summary>The footer of the file that lies at <paramref name="path"/>.</summary>
    public ParquetFooter Get(string location, string path)
    {
        if (footers.TryGet(location, out var footer))
            return footer;
        footer = ParquetFooter.Read(path);
        // Thousands of files share a few schemas: keep one tree of each.
        footer = footer with { Root = schemas.GetOrAdd(footer.Fingerprint, _ => footer.Root) };
        footers.Set(location, footer);
        return footer;
    }
}
