using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// Properties that new tables get: <c>table-default.NAME</c> where the table names none, <c>table-override.NAME</c> whatever it names. Namespaces and the
/// warehouse say them in their own properties; the nearest one counts. Tables keep what they got when they were created.
/// </summary>
public static class TableDefaults
{
    /// <summary>What defaults begin with.</summary>
    public const string DefaultPrefix = "table-default.";

    /// <summary>What overrides begin with.</summary>
    public const string OverridePrefix = "table-override.";

    /// <summary>The update that gives a new table its owner, defaults and overrides.</summary>
    internal static TableUpdate UpdateFor(WarehouseEntry warehouse, CatalogState catalog, Namespace @namespace, IReadOnlyList<TableUpdate> updates, string owner)
    {
        var named = updates.OfType<TableUpdate.SetProperties>().SelectMany(u => u.Updates.Keys).ToHashSet(StringComparer.Ordinal);
        var (defaults, overrides) = (new Dictionary<string, string>(StringComparer.Ordinal) { [GovernanceProperties.Owner] = owner }, new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var properties in Above(catalog, @namespace).Prepend(warehouse.Properties))
        {
            Take(properties, DefaultPrefix, defaults);
            Take(properties, OverridePrefix, overrides);
        }

        return new TableUpdate.SetProperties(defaults.Where(d => !named.Contains(d.Key) && !overrides.ContainsKey(d.Key)).Concat(overrides).ToDictionary());
    }

    // From the top down: what is nearer comes later and counts.
    private static IEnumerable<IReadOnlyDictionary<string, string>> Above(CatalogState catalog, Namespace name) =>
        Enumerable.Range(1, name.Levels.Count)
            .Select(levels => catalog.FindNamespace(new Namespace([.. name.Levels.Take(levels)]))?.Properties)
            .OfType<IReadOnlyDictionary<string, string>>();

    private static void Take(IReadOnlyDictionary<string, string> properties, string prefix, Dictionary<string, string> taken)
    {
        foreach (var (key, value) in properties.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal) && p.Key.Length > prefix.Length))
            taken[key[prefix.Length..]] = value;
    }
}
