using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>Why somebody may not reach more of the files of a table.</summary>
/// <param name="Access">Was asked.</param>
/// <param name="Table">The table.</param>
/// <param name="Files">What it said.</param>
internal sealed record GrantLimits(IDataAccess Access, TableIdentifier Table, FileRights Files)
{
    /// <summary>Why files may be added and not removed.</summary>
    public const string OtherBranches = "other branches have the files of the table too, and writing it there, on main before all, is not allowed to you; new files may be written";

    /// <summary>The first of the rights on the table itself that are missing for something; none when all are there. Nothing is opened without reading.</summary>
    /// <param name="wanted">What for.</param>
    public DataRights MissingFor(DataRights wanted) => !Files.OnTable.HasFlag(DataRights.Read) ? DataRights.Read : wanted & ~Files.OnTable;

    /// <summary>Why the files are not open to something, in sentences for the caller, with the way out; null when nothing is known.</summary>
    /// <param name="wanted">To what.</param>
    public string? Of(DataRights wanted) => MissingFor(wanted) is not DataRights.None and var missing ? Access.DescribeMissing(Table, missing) : Files.Limit;
}
