using Tarn.Core.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions.Snapshots;

namespace Tarn.Iceberg.Transactions;

/// <summary>Replaces data files: those named, or those whose rows all match a filter, by new ones.</summary>
public sealed class OverwriteFiles : ReplacingUpdate
{
    private bool noConflictingData;
    private bool noConflictingDeletes;
    private Expression? conflictFilter;

    /// <inheritdoc/>
    private protected override string Operation => (Criteria.IsEmpty, Added.Count) switch
    {
        (true, > 0) => "append",
        (false, 0) => "delete",
        _ => "overwrite",
    };

    /// <summary>Adds a data file.</summary>
    /// <exception cref="TarnException">InvalidRequest when it is a delete file or already has row ids.</exception>
    public OverwriteFiles Add(DataFile file)
    {
        Added.Add(file);
        return this;
    }

    /// <summary>Removes a data file, which must still be in the table when the change is committed.</summary>
    public OverwriteFiles Delete(DataFile file)
    {
        Criteria.Delete(file.FilePath, mustExist: true);
        return this;
    }

    /// <summary>Removes all files whose rows all match. A file of which only some rows match refuses the change.</summary>
    public OverwriteFiles OverwriteByFilter(Expression filter, bool caseSensitive = true)
    {
        Criteria.CaseSensitive = caseSensitive;
        Criteria.DeleteWhere(filter);
        return this;
    }

    /// <summary>Names the snapshot that the change was computed from; null for an empty table. By default the branch's head at the first attempt.</summary>
    public OverwriteFiles ValidateFromSnapshot(long? snapshotId)
    {
        SetStart(snapshotId);
        return this;
    }

    /// <summary>Refuses the change when somebody added data since that may match the filter (by default the one of <see cref="OverwriteByFilter"/>, else any data).</summary>
    public OverwriteFiles ValidateNoConflictingData(Expression? filter = null)
    {
        (noConflictingData, conflictFilter) = (true, filter ?? conflictFilter);
        return this;
    }

    /// <summary>Refuses the change when somebody removed rows since that may match the filter, or deleted rows of the files that it removes.</summary>
    public OverwriteFiles ValidateNoConflictingDeletes(Expression? filter = null)
    {
        (noConflictingDeletes, conflictFilter) = (true, filter ?? conflictFilter);
        return this;
    }

    /// <summary>Writes to a branch instead of <c>main</c>; it is created when there is none.</summary>
    public OverwriteFiles ToBranch(string branch)
    {
        SetBranch(branch);
        return this;
    }

    /// <summary>Adds a property to the snapshot's summary.</summary>
    public OverwriteFiles Set(string key, string value)
    {
        SetSummary(key, value);
        return this;
    }

    /// <inheritdoc/>
    private protected override async ValueTask ValidateAsync(ConcurrentChanges changes, CancellationToken cancellationToken)
    {
        var filter = conflictFilter ?? Criteria.Filter ?? Expression.True;
        if (noConflictingData)
            await changes.RefuseAddedDataAsync(filter, Criteria.CaseSensitive, cancellationToken);
        if (!noConflictingDeletes)
            return;
        await changes.RefuseDeletedDataAsync(filter, Criteria.CaseSensitive, Criteria.Paths, cancellationToken);
        await changes.RefuseNewDeletesAsync(filter, Criteria.CaseSensitive, cancellationToken);
    }
}
