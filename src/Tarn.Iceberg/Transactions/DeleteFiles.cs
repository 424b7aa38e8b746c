using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions.Snapshots;

namespace Tarn.Iceberg.Transactions;

/// <summary>Removes data files: by path, or those whose rows all match a filter. Makes no snapshot when it finds none.</summary>
public sealed class DeleteFiles : ReplacingUpdate
{
    /// <inheritdoc/>
    private protected override string Operation => "delete";

    /// <inheritdoc/>
    private protected override bool AlwaysMakesSnapshot => false;

    /// <summary>Removes a data file by path; one that is not there is left alone unless <paramref name="mustExist"/>.</summary>
    public DeleteFiles Delete(string path, bool mustExist = false)
    {
        Criteria.Delete(path, mustExist);
        return this;
    }

    /// <summary>Removes the files whose rows all match. A file of which only some rows match refuses the change (Unsupported).</summary>
    public DeleteFiles DeleteWhere(Expression filter, bool caseSensitive = true)
    {
        Criteria.CaseSensitive = caseSensitive;
        Criteria.DeleteWhere(filter);
        return this;
    }

    /// <summary>Writes to a branch instead of <c>main</c>; it is created when there is none.</summary>
    public DeleteFiles ToBranch(string branch)
    {
        SetBranch(branch);
        return this;
    }

    /// <summary>Adds a property to the snapshot's summary.</summary>
    public DeleteFiles Set(string key, string value)
    {
        SetSummary(key, value);
        return this;
    }
}
