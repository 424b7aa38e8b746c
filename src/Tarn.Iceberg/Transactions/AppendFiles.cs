using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions.Snapshots;

namespace Tarn.Iceberg.Transactions;

/// <summary>Adds data files. Never conflicts with other appends. The base of <see cref="FastAppend"/> and <see cref="MergeAppend"/>.</summary>
public abstract class AppendFiles : SnapshotUpdate
{
    private protected AppendFiles()
    {
    }

    private protected AddedFiles Added { get; } = new();

    /// <inheritdoc/>
    private protected override string Operation => "append";

    /// <summary>Adds a data file.</summary>
    /// <exception cref="Core.Errors.TarnException">InvalidRequest when it is a delete file or already has row ids.</exception>
    public AppendFiles Add(DataFile file)
    {
        Added.Add(file);
        return this;
    }

    /// <summary>Adds data files.</summary>
    /// <exception cref="Core.Errors.TarnException">InvalidRequest when one is a delete file or already has row ids.</exception>
    public AppendFiles Add(IEnumerable<DataFile> files)
    {
        foreach (var file in files)
            Added.Add(file);
        return this;
    }

    /// <summary>Writes to a branch instead of <c>main</c>; it is created when there is none.</summary>
    public AppendFiles ToBranch(string branch)
    {
        SetBranch(branch);
        return this;
    }

    /// <summary>Adds a property to the snapshot's summary.</summary>
    public AppendFiles Set(string key, string value)
    {
        SetSummary(key, value);
        return this;
    }
}
