using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
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

    /// <summary>Refuses a format version that no table can be made with, where it is set: every table without one of its own would be refused.</summary>
    /// <exception cref="TarnException">InvalidRequest, naming the property.</exception>
    internal static void Require(IReadOnlyDictionary<string, string> updates)
    {
        foreach (string key in (string[])[DefaultPrefix + TableMetadata.FormatVersionProperty, OverridePrefix + TableMetadata.FormatVersionProperty])
        {
            if (updates.TryGetValue(key, out string? text) && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version is >= 1 and <= TableMetadata.MaxFormatVersion))
                throw TarnException.Invalid($"Property '{key}' is '{text}', and no table could be created: it must be a format version, 1 to {TableMetadata.MaxFormatVersion}.");
        }
    }

    /// <summary>The properties that the creator of a new table names, with defaults and overrides. An override of the format version counts only where it is higher.</summary>
    internal static IReadOnlyDictionary<string, string> With(WarehouseEntry warehouse, CatalogState catalog, Namespace @namespace, IReadOnlyDictionary<string, string> named)
    {
        var (defaults, overrides) = Read(warehouse, catalog, @namespace);
        var wanted = defaults.Where(d => !named.ContainsKey(d.Key)).Concat(named).ToDictionary();
        if (overrides.ContainsKey(TableMetadata.FormatVersionProperty) && TableMetadata.FormatVersionOf(overrides) <= TableMetadata.FormatVersionOf(wanted))
            overrides.Remove(TableMetadata.FormatVersionProperty);
        return wanted.Where(p => !overrides.ContainsKey(p.Key)).Concat(overrides).ToDictionary();
    }

    /// <summary>The updates that give a new table its owner, defaults and overrides. A format version can only be raised here: files may be written for the one that was asked for.</summary>
    internal static IReadOnlyList<TableUpdate> UpdatesFor(WarehouseEntry warehouse, CatalogState catalog, Namespace @namespace, IReadOnlyList<TableUpdate> updates, string owner)
    {
        var named = updates.OfType<TableUpdate.SetProperties>().SelectMany(u => u.Updates.Keys).ToHashSet(StringComparer.Ordinal);
        var (defaults, overrides) = Read(warehouse, catalog, @namespace);
        defaults.TryAdd(GovernanceProperties.Owner, owner);
        var given = defaults.Where(d => !named.Contains(d.Key) && !overrides.ContainsKey(d.Key)).Concat(overrides).Where(p => !TableMetadata.ReservedProperties.Contains(p.Key));
        var properties = new TableUpdate.SetProperties(given.ToDictionary());
        return overrides.ContainsKey(TableMetadata.FormatVersionProperty) && TableMetadata.FormatVersionOf(overrides) is var version
            && version > updates.OfType<TableUpdate.UpgradeFormatVersion>().Select(u => u.FormatVersion).DefaultIfEmpty(TableMetadata.DefaultFormatVersion).Max()
            ? [properties, new TableUpdate.UpgradeFormatVersion(version)]
            : [properties];
    }

    private static (Dictionary<string, string> Defaults, Dictionary<string, string> Overrides) Read(WarehouseEntry warehouse, CatalogState catalog, Namespace @namespace)
    {
        var (defaults, overrides) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var properties in Above(catalog, @namespace).Prepend(warehouse.Properties))
        {
            Take(properties, DefaultPrefix, defaults);
            Take(properties, OverridePrefix, overrides);
        }

        return (defaults, overrides);
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
