using Tarn.Core.Storage;
using Tarn.Engine.Functions;
using Tarn.Engine.Naming;
using Tarn.Engine.Parquet;
using Tarn.Engine.Planning;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;

namespace Tarn.Engine;

/// <summary>What all sessions of an engine share.</summary>
internal sealed class EngineServices
{
    public EngineServices(IReadOnlyList<ICatalog> catalogs, IObjectStore store, LocationMap map, TimeProvider time, EngineInstance instance)
    {
        Store = store;
        Time = time;
        Instance = instance;
        DefaultCatalog = catalogs[0];
        Names = new NameResolver(catalogs.ToDictionary(c => c.Name, StringComparer.Ordinal));
        Shadows = new ShadowFiles(store);
        Paths = new PathTables(store);
        Planner = new ScanPlanner(store, Manifests, map);
    }

    public IObjectStore Store { get; }

    public TimeProvider Time { get; }

    public EngineInstance Instance { get; }

    public ICatalog DefaultCatalog { get; }

    public NameResolver Names { get; }

    public PathTables Paths { get; }

    public ManifestCache Manifests { get; } = new();

    public ScanPlanner Planner { get; }

    public ParquetFooterCache Footers { get; } = new();

    public ShadowFiles Shadows { get; }

    public RelationRegistry Relations => Instance.Relations;
}
