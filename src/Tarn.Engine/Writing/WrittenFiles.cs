using Tarn.Core.Storage;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Writing;

/// <summary>Data files that lie in the staging area. They become objects when adopted; disposing removes those that were not.</summary>
internal sealed class WrittenFiles(IReadOnlyList<(StagedFile Staged, DataFile File)> files) : IDisposable
{
    /// <summary>The files as a manifest will list them.</summary>
    public IReadOnlyList<DataFile> DataFiles { get; } = [.. files.Select(f => f.File)];

    /// <summary>Rows in all files.</summary>
    public long RecordCount => DataFiles.Sum(f => f.RecordCount);

    /// <summary>Makes the files durable and adds them to a transaction, whose commit makes them visible. They go when it certainly fails.</summary>
    public async ValueTask AppendAsync(Transaction transaction, IObjectStore store, CancellationToken cancellationToken)
    {
        if (files.Count == 0)
            return;
        var adopted = new AdoptedFiles([.. files.Select(f => f.File.FilePath)]);
        try
        {
            await store.AdoptAsync([.. files.Select(f => (f.Staged, f.File.FilePath))], cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await adopted.RemoveAsync(store).ConfigureAwait(false);
            throw;
        }

        transaction.Add(adopted);
        transaction.Add(new MergeAppend()).Add(DataFiles);
    }

    /// <summary>Removes the files of a transaction that is not committed after all.</summary>
    public ValueTask RemoveAsync(IObjectStore store) => new AdoptedFiles([.. files.Select(f => f.File.FilePath)]).RemoveAsync(store);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (staged, _) in files)
            staged.Dispose();
    }
}
