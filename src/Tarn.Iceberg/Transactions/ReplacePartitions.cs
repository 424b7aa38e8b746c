using Tarn.Core.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions.Snapshots;

namespace Tarn.Iceberg.Transactions;

/// <summary>Replaces all partitions for which new data files are given; an unpartitioned table as a whole.</summary>
public sealed class ReplacePartitions : ReplacingUpdate
{
    private bool noConflicts;

    /// <summary>Creates the change.</summary>
    public ReplacePartitions() => SetSummary("replace-partitions", "true");

    /// <inheritdoc/>
    private protected override string Operation => "overwrite";

    /// <summary>Adds a data file; its partition loses all other files.</summary>
    /// <exception cref="TarnException">InvalidRequest when it is a delete file or already has row ids.</exception>
    public ReplacePartitions Add(DataFile file)
    {
        Added.Add(file);
        return this;
    }

    /// <summary>Refuses the change when somebody added or removed data in the replaced partitions since.</summary>
    public ReplacePartitions ValidateNoConflicts()
    {
        noConflicts = true;
        return this;
    }

    /// <summary>Writes to a branch instead of <c>main</c>; it is created when there is none.</summary>
    public ReplacePartitions ToBranch(string branch)
    {
        SetBranch(branch);
        return this;
    }

    /// <summary>Adds a property to the snapshot's summary.</summary>
    public ReplacePartitions Set(string key, string value)
    {
        SetSummary(key, value);
        return this;
    }

    /// <inheritdoc/>
    private protected override void Prepare(TableMetadata table)
    {
        foreach (var file in Added.All)
        {
            if (table.Spec(file.SpecId).IsUnpartitioned)
                Criteria.DeleteWhere(Expression.True);
            else
                Criteria.DeletePartition(file.SpecId, file.Partition);
        }
    }

    /// <inheritdoc/>
    private protected override async ValueTask ValidateAsync(ConcurrentChanges changes, CancellationToken cancellationToken)
    {
        if (noConflicts)
            await changes.RefuseChangesAsync(Criteria, cancellationToken);
    }
}
