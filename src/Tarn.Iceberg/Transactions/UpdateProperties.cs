using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>Sets and removes table properties. Setting <c>format-version</c> upgrades the table.</summary>
public sealed class UpdateProperties : MetadataUpdate
{
    private readonly SortedDictionary<string, string> updates = new(StringComparer.Ordinal);
    private readonly SortedSet<string> removals = new(StringComparer.Ordinal);

    /// <summary>Sets a property.</summary>
    /// <exception cref="TarnException">InvalidRequest for a reserved name, and for one that is also removed.</exception>
    public UpdateProperties Set(string key, string value)
    {
        if (key != TableMetadata.FormatVersionProperty)
            CheckName(key);
        if (removals.Contains(key))
            throw TarnException.Invalid($"Property '{key}' is both set and removed.");
        updates[key] = value;
        return this;
    }

    /// <summary>Removes a property; one that is not there is left alone.</summary>
    /// <exception cref="TarnException">InvalidRequest for a reserved name, and for one that is also set.</exception>
    public UpdateProperties Remove(string key)
    {
        CheckName(key);
        if (updates.ContainsKey(key))
            throw TarnException.Invalid($"Property '{key}' is both set and removed.");
        removals.Add(key);
        return this;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TableUpdate> Apply(TableMetadata current)
    {
        List<TableUpdate> result = [];
        if (updates.ContainsKey(TableMetadata.FormatVersionProperty) && TableMetadata.FormatVersionOf(updates) is var version && version != current.FormatVersion)
            result.Add(new TableUpdate.UpgradeFormatVersion(version));
        var changed = updates.Where(u => u.Key != TableMetadata.FormatVersionProperty && current.Properties.GetValueOrDefault(u.Key) != u.Value).ToDictionary();
        if (changed.Count > 0)
            result.Add(new TableUpdate.SetProperties(changed));
        string[] removed = [.. removals.Where(current.Properties.ContainsKey)];
        if (removed.Length > 0)
            result.Add(new TableUpdate.RemoveProperties(removed));
        return result;
    }

    private static void CheckName(string key)
    {
        if (TableMetadata.ReservedProperties.Contains(key))
            throw TarnException.Invalid($"Property '{key}' is reserved: the table's metadata holds it elsewhere.");
    }
}
