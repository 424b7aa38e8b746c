using Tarn.Core.Errors;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>Sets and removes tags of a column. The column is found when the change is applied, so earlier changes of the transaction may have added or renamed it.</summary>
/// <param name="path">Path of the column, exactly.</param>
/// <param name="set">Tags to set.</param>
/// <param name="removed">Keys of tags to remove; one that is not there is left alone.</param>
public sealed class UpdateColumnTags(string path, IReadOnlyList<Tag> set, IReadOnlyList<string> removed) : MetadataUpdate
{
    /// <inheritdoc/>
    public override IReadOnlyList<TableUpdate> Apply(TableMetadata current)
    {
        var field = current.CurrentSchema.FindField(path) ?? throw TarnException.NotFound($"The table has no column '{path}', whose tags are to be changed.");
        var update = new UpdateProperties();
        foreach (var tag in set)
            update.Set(GovernanceProperties.Of(tag.Key, field.Id), tag.Value);
        foreach (string key in removed)
            update.Remove(GovernanceProperties.Of(key, field.Id));
        return update.Apply(current);
    }
}
