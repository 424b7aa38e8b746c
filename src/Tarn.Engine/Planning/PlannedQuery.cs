using Tarn.Engine.Ingest;
using Tarn.Engine.Relations;
using Tarn.Iceberg.Scanning;

namespace Tarn.Engine.Planning;

/// <summary>A query ready to run. Disposing gives back the files and relations it holds.</summary>
internal sealed class PlannedQuery(BoundQuery bound) : IDisposable
{
    private readonly List<IDisposable> owned = [];
    private readonly List<PlannedScan> scans = [];
    private readonly List<(string Location, string Path)> files = [];

    /// <summary>The query for the engine.</summary>
    public BoundQuery Bound { get; set; } = bound;

    /// <summary>Packed files outside of the catalogs that it reads: whoever runs it checks beside that they are whole.</summary>
    public IReadOnlyList<PackedFile> PackedFiles { get; init; } = [];

    /// <summary>Whether it runs; EXPLAIN only shows it, so nothing is worked out that is of use to a run alone.</summary>
    public bool IsRun { get; init; } = true;

    /// <summary>Its scans of table rows.</summary>
    public IReadOnlyList<PlannedScan> Scans => scans;

    /// <summary>The data files it reads: what the manifest calls them and where they lie.</summary>
    public IReadOnlyList<(string Location, string Path)> Files => files;

    /// <summary>Adds a data file that is read.</summary>
    public void AddFile(string location, string path) => files.Add((location, path));

    /// <summary>Adds a scan.</summary>
    public void Add(PlannedScan scan) => scans.Add(scan);

    /// <summary>Holds something until the query is disposed.</summary>
    public void Own(IDisposable resource) => owned.Add(resource);

    /// <inheritdoc/>
    public void Dispose()
    {
        // What reads files may still do so, and was added after them.
        foreach (var resource in Enumerable.Reverse(owned))
            resource.Dispose();
        owned.Clear();
    }
}

/// <summary>A scan after pruning.</summary>
/// <param name="Reference">The use of the table.</param>
/// <param name="Filter">What is known of its filter.</param>
/// <param name="Metrics">Files looked at and left out.</param>
/// <param name="Table">The files that are read.</param>
internal sealed record PlannedScan(ScanReference Reference, DiscoveredFilter Filter, ScanMetrics Metrics, TableFiles Table)
{
    /// <summary>Partitions of a table of another format that are read, and all of them; null when it has no partition keys.</summary>
    public (int Kept, int All)? Partitions { get; init; }

    /// <summary>Files of which only the number of rows is asked; their rows are not read.</summary>
    public int CountedFiles { get; init; }

    /// <summary>Of a query that only counts rows: files whose rows are compared with equality deletes.</summary>
    public int ComparedFiles { get; init; }
}
