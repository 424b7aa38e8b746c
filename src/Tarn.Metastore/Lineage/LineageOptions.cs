using Tarn.Access.Trails;

namespace Tarn.Metastore.Lineage;

/// <summary>How lineage is kept: 1 GiB, in segments of 16 MiB.</summary>
public sealed record LineageOptions : TrailOptions
{
    /// <summary>Name of the folder beside the data.</summary>
    public const string FolderName = ".lineage";

    /// <summary>The defaults.</summary>
    public LineageOptions() => (SegmentBytes, RetainedBytes) = (16L << 20, 1L << 30);

    /// <summary>Folder of a data folder.</summary>
    public static string FolderOf(string dataFolder) => Path.Join(dataFolder, FolderName);
}
