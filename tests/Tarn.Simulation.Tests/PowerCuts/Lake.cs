using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;
using Tarn.Testing.Files;

namespace Tarn.Simulation.Tests.PowerCuts;

/// <summary>One life of a small lake on a disk that may lose its power: objects are stored, then a commit names them.</summary>
internal sealed class Lake : IDisposable
{
    private const string Folder = "/srv/tarn-data";
    private static readonly Namespace Sales = Namespace.Of("sales");
    private readonly PowerCutFileSystem _disk;
    private readonly LocalObjectStore _store;
    private readonly EmbeddedCommitLog _log;

    private Lake(PowerCutFileSystem disk, LocalObjectStore store, EmbeddedCommitLog log) => (_disk, _store, _log) = (disk, store, log);

    public ICommitLog Log => _log;

    /// <summary>Starts a program on the disk as any command would.</summary>
    public static Lake Start(PowerCutFileSystem disk)
    {
        var folder = DataFolder.OpenOrCreate(Folder, files: disk);
        var store = new LocalObjectStore(folder.Path, files: disk);
        store.RemoveDeadStaging();
        return new Lake(disk, store, new EmbeddedCommitLog(folder.MetastoreFolder, disk) { CheckpointEveryBytes = 600 });
    }

    /// <summary>Creates the namespace if an earlier life did not.</summary>
    public async Task PrepareAsync()
    {
        if ((await _log.ReadAsync()).Main.FindNamespace(Sales) is null)
            await _log.AppendAsync(new CommitRequest("sim", [], [new CatalogChange.PutNamespace(Sales, ImmutableSortedDictionary<string, string>.Empty)]));
    }

    /// <summary>Stores a metadata object and two adopted data objects, then commits a table of this name that points at them.</summary>
    public async Task CommitAsync(string table, Ledger ledger)
    {
        string root = $"s3://lake/sales/{table}/", metadata = root + "metadata/v1.json";
        await _store.PutAsync(metadata, Content(metadata));
        await _store.AdoptAsync([Stage(root + "data/a.parquet"), Stage(root + "data/b.parquet")]);
        ledger.Attempted.TryAdd(table, true);
        var commit = await _log.AppendAsync(new CommitRequest("sim", [new CommitCondition.TableIs(new TableIdentifier(Sales, table), null)], [
            new CatalogChange.PutTable(new TableIdentifier(Sales, table), Guid.Empty, metadata)]));
        ledger.Acknowledged[table] = commit.Number;
    }

    /// <summary>What must hold after any number of power cuts.</summary>
    public async Task VerifyAsync(Ledger ledger)
    {
        var state = await _log.ReadAsync();
        var history = new List<CommitRecord>();
        await foreach (var commit in _log.ReadHistoryAsync())
            history.Add(commit);
        Assert.Equal(Enumerable.Range(1, history.Count).Select(n => (long)n), history.Select(c => c.Number));
        Assert.Equal(state.Number, history.Count);
        var landed = history.SelectMany(c => c.Changes.OfType<CatalogChange.PutTable>().Select(p => (p.Table.Name, c.Number))).ToList();
        Assert.Equal(landed.Count, landed.Select(l => l.Name).Distinct().Count());
        Assert.All(landed, l => Assert.True(ledger.Attempted.ContainsKey(l.Name)));
        var numbers = landed.ToDictionary(l => l.Name, l => l.Number);
        Assert.All(ledger.Acknowledged, a => Assert.Equal(a.Value, numbers[a.Key]));
        Assert.Equal(numbers.Keys.Order(), (state.Main.FindNamespace(Sales)?.Tables.Keys ?? []).Order());
        foreach (string table in numbers.Keys)
            await VerifyObjectsAsync(table);
    }

    /// <summary>That nothing staged by the dead is left; before this life stages anything itself.</summary>
    public void VerifyStagingIsEmpty()
    {
        if (_disk.Stat(Folder + "/.staging") is not null)
            Assert.DoesNotContain(_disk.Enumerate(Folder + "/.staging"), e => e.IsFolder);
    }

    public void Dispose() => _log.Dispose();

    private async Task VerifyObjectsAsync(string table)
    {
        string root = $"s3://lake/sales/{table}/";
        foreach (string location in (string[])[root + "metadata/v1.json", root + "data/a.parquet", root + "data/b.parquet"])
            Assert.Equal(Content(location), (await _store.ReadAsync(location)).ToArray());
        var listed = new List<string>();
        await foreach (ObjectStat stat in _store.ListAsync(root))
            listed.Add(stat.Location);
        Assert.Equal(3, listed.Count);
    }

    private (StagedFile File, string Location) Stage(string location)
    {
        var file = _store.Stage(".parquet");
        using var handle = _disk.CreateNew(file.Path);
        handle.Write(Content(location), 0);
        return (file, location);
    }

    // Longer than a sector, so that it can be torn.
    private static byte[] Content(string location) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(location + "\n", 20)));
}

/// <summary>What was tried and what was answered over all lives.</summary>
internal sealed class Ledger
{
    public ConcurrentDictionary<string, bool> Attempted { get; } = new();

    public ConcurrentDictionary<string, long> Acknowledged { get; } = new();

    /// <summary>Runs until done or until the power goes.</summary>
    /// <returns>Whether it was done.</returns>
    public static async Task<bool> RunAsync(PowerCutFileSystem disk, Func<Task> life)
    {
        try
        {
            await life();
            return true;
        }
        catch (TarnException) when (disk.IsOff)
        {
            return false;
        }
        catch (PowerCutException)
        {
            return false;
        }
    }
}
