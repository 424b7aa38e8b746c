using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Requests;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Transactions;

namespace Tarn.Catalog.Rest.Tables;

/// <summary>Reads commits (<c>CommitTableRequest</c>).</summary>
internal static class CommitRequest
{
    /// <summary>Reads one commit.</summary>
    /// <param name="body">The object with requirements and updates.</param>
    /// <param name="table">The table that it changes.</param>
    /// <exception cref="Core.Errors.TarnException">InvalidRequest: an update or requirement is not known, or malformed.</exception>
    public static TableCommit Read(RestBody body, TableIdentifier table)
    {
        var requirements = body.Required("requirements").AsList().Select(r => TableRequirementJson.Read(r.Json, r.Place)).ToList();
        var updates = body.Required("updates").AsList().Select(u => TableUpdateJson.Read(u.Json, u.Place)).ToList();
        if (requirements.OfType<TableRequirement.AssertCreate>().Any() && requirements.Exists(r => r is not TableRequirement.AssertCreate))
            throw RestException.BadRequest($"Invalid create requirements: beside assert-create, which says that table {table} does not exist, nothing can be asked of it.");
        return new TableCommit(table, requirements, updates);
    }
}
