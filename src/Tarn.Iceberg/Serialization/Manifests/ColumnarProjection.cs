namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>What a <see cref="ColumnarManifest"/> decodes beyond the fields that every plan needs; everything else is passed over.</summary>
public sealed record ColumnarProjection
{
    /// <summary>Nothing but what every plan needs.</summary>
    public static ColumnarProjection Minimal { get; } = new();

    /// <summary>Field ids whose bounds and counts are kept.</summary>
    public IReadOnlyList<int> StatisticsFieldIds { get; init; } = [];

    /// <summary>Whether split offsets are kept.</summary>
    public bool SplitOffsets { get; init; } = true;
}
