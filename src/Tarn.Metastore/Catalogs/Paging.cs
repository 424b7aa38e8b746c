using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <summary>Pages of ordered names. The token is the last name given, so that pages stay right while names come and go.</summary>
internal static class Paging
{
    public static Page<T> Of<T>(IEnumerable<T> ordered, PageRequest page, Func<T, string> name)
    {
        var rest = page.Token is null ? ordered : ordered.SkipWhile(i => string.CompareOrdinal(name(i), page.Token) <= 0);
        if (page.Size <= 0)
            return new Page<T>([.. rest]);
        List<T> items = [.. rest.Take(page.Size + 1)];
        if (items.Count <= page.Size)
            return new Page<T>(items);
        items.RemoveAt(page.Size);
        return new Page<T>(items, name(items[^1]));
    }
}
