using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Inspection;

namespace Tarn.Iceberg.Catalogs;

/// <content>What a catalog tells about itself.</content>
public partial interface ICatalog
{
    /// <summary>Tables about the catalog. Those beside <see cref="GovernanceTables"/> show everything, whoever asks: a catalog in somebody's name has none of them unless it filters them.</summary>
    IReadOnlyList<SystemTable> SystemTables => GovernanceTables.TablesOf(this);

    /// <summary>Table functions about the catalog.</summary>
    IReadOnlyList<SystemFunction> SystemFunctions => GovernanceTables.FunctionsOf(this);
}
