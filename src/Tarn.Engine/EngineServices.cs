using Tarn.Core.Storage;
using Tarn.Engine.Deletes;
using Tarn.Engine.Functions;
using Tarn.Engine.Naming;
using Tarn.Engine.Parquet;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Lineage;
using Tarn.Iceberg.Scanning;

namespace Tarn.Engine;

/// <summary>What all sessions of an engine share.</summary>
internal sealed class EngineServices : IDisposable
{
    private readonly EngineInstance trusted, untrusted;

    public EngineServices(ICatalogs catalogs, IObjectStore store, LocationMap map, TimeProvider time, EngineOptions options, ILineageLog? lineage)
    {
        Options = options;
        Lineage = lineage;
        Store = store;
        Time = time;
        Locations = map;
        trusted = new EngineInstance(options, SessionTrust.Trusted, Relations, LiveRows, KeptRows, new SpillFolder(store));
        untrusted = new EngineInstance(options, SessionTrust.Untrusted, Relations, LiveRows, KeptRows, new SpillFolder(store));
        DefaultCatalog = catalogs.Default;
        Names = new NameResolver(catalogs);
        Shadows = new ShadowFiles(store);
        Paths = new PathTables(store);
        Planner = new ScanPlanner(store, Manifests, map);
    }

    public IObjectStore Store { get; }

    public TimeProvider Time { get; }

    /// <summary>Takes what statements read and write; null when nobody keeps it.</summary>
    public ILineageLog? Lineage { get; }

    /// <summary>How locations are mapped before they are compared.</summary>
    public LocationMap Locations { get; }

    public EngineOptions Options { get; }

    public ICatalog DefaultCatalog { get; }

    public NameResolver Names { get; }

    public PathTables Paths { get; }

    public ManifestCache Manifests { get; } = new();

    public ScanPlanner Planner { get; }

    public ParquetFooterCache Footers { get; } = new();

    public ShadowFiles Shadows { get; }

    public RelationRegistry Relations { get; } = new();

    public LiveRows LiveRows { get; } = new();

    public KeptRows KeptRows { get; } = new();

    public PositionBitmapCache DeletedPositions { get; } = new();

    /// <summary>The instance of the embedded engine for sessions of this trust.</summary>
    public EngineInstance Instance(SessionTrust trust) => trust == SessionTrust.Trusted ? trusted : untrusted;

    /// <inheritdoc/>
    public void Dispose()
    {
        Shadows.Dispose();
        trusted.Dispose();
        untrusted.Dispose();
    }
}
