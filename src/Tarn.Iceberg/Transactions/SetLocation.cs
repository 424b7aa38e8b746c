using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>Moves the base location, where new files go; existing files stay where they are.</summary>
/// <param name="location">The new location.</param>
public sealed class SetLocation(string location) : MetadataUpdate
{
    /// <inheritdoc/>
    public override IReadOnlyList<TableUpdate> Apply(TableMetadata current) => [new TableUpdate.SetLocation(location)];
}
