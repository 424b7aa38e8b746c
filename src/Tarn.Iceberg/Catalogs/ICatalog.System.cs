using Tarn.Iceberg.Inspection;

namespace Tarn.Iceberg.Catalogs;

/// <content>What a catalog tells about itself.</content>
public partial interface ICatalog
{
    /// <summary>Tables about the catalog. They show everything, whoever asks: a catalog in somebody's name has none unless it filters them.</summary>
    IReadOnlyList<SystemTable> SystemTables => [];
}
