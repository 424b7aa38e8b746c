using Tarn.Core.Errors;

namespace Tarn.Iceberg.Inspection;

/// <summary>The metadata tables, named as Trino names them after <c>$</c>.</summary>
public enum MetadataTableKind
{
    /// <summary>Snapshots the table knows.</summary>
    Snapshots,

    /// <summary>Which snapshot was current when.</summary>
    History,

    /// <summary>Live data and delete files.</summary>
    Files,

    /// <summary>Manifests of the snapshot.</summary>
    Manifests,

    /// <summary>Live data files summed up by partition.</summary>
    Partitions,

    /// <summary>Branches and tags.</summary>
    Refs,

    /// <summary>Table properties.</summary>
    Properties,

    /// <summary>Metadata files, the present one last.</summary>
    MetadataLogEntries,

    /// <summary>Entries of all manifests, deleted ones included.</summary>
    Entries,
}

/// <summary>Names of metadata tables.</summary>
public static class MetadataTableNames
{
    /// <summary>The name after <c>$</c>: <c>metadata_log_entries</c>.</summary>
    public static string Name(this MetadataTableKind kind) => kind switch
    {
        MetadataTableKind.Snapshots => "snapshots",
        MetadataTableKind.History => "history",
        MetadataTableKind.Files => "files",
        MetadataTableKind.Manifests => "manifests",
        MetadataTableKind.Partitions => "partitions",
        MetadataTableKind.Refs => "refs",
        MetadataTableKind.Properties => "properties",
        MetadataTableKind.MetadataLogEntries => "metadata_log_entries",
        MetadataTableKind.Entries => "entries",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The table with this name, ignoring case; false when there is none.</summary>
    public static bool TryParse(string name, out MetadataTableKind kind)
    {
        foreach (var candidate in Enum.GetValues<MetadataTableKind>())
        {
            if (candidate.Name().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                kind = candidate;
                return true;
            }
        }

        kind = default;
        return false;
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="TarnException">NotFound, with the names there are.</exception>
    public static MetadataTableKind Parse(string name) => TryParse(name, out var kind)
        ? kind
        : throw TarnException.NotFound($"There is no metadata table '${name}'. There are: {string.Join(", ", Enum.GetValues<MetadataTableKind>().Select(k => "$" + k.Name()))}.");
}
