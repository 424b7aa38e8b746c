using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Transfer;

/// <summary>A table or view where it is registered now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsView">Whether it is a view.</param>
/// <param name="MetadataLocation">Its present metadata file; empty when it is not known because of <see cref="Problem"/>.</param>
public sealed record RegisteredName(TableIdentifier Name, bool IsView, string MetadataLocation)
{
    /// <summary>The view, for catalogs that register no metadata files of views; null for tables and when it is not at hand.</summary>
    public ViewMetadata? View { get; init; }

    /// <summary>Whether it is of another format than Iceberg, so that there is nothing to register.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Why it cannot be taken over; null when it can.</summary>
    public string? Problem { get; init; }
}
