using Tarn.DuckDb;
using Tarn.Engine.Lineage;
using Tarn.Engine.Naming;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>What a statement runs with.</summary>
internal sealed record StatementContext(EngineSession Session, StatementOptions Options)
{
    /// <summary>Takes what the statement reads and writes; null when nobody keeps it.</summary>
    public StatementLineage? Lineage { get; init; }

    /// <summary>What all sessions share.</summary>
    public EngineServices Services => Session.Services;

    /// <summary>Spreads the waits of those who want the same.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>The session's connection.</summary>
    public DuckDbConnection Connection => Session.Connection;

    /// <summary>Where unqualified names are looked up.</summary>
    public NameScope Scope => Session.Scope;

    /// <summary>Plans queries on the session's connection.</summary>
    public QueryPlanner Planner => new(Services, Binder, Connection, Session.Trust, Lineage);

    /// <summary>Plans the query of a view, which must not lead back to it.</summary>
    public QueryPlanner PlannerOf(ICatalog catalog, TableIdentifier view) => new(Services, NewBinder(new ViewName(catalog.Name, view)), Connection, Session.Trust, Lineage);

    /// <summary>Finds the tables of a query; new for each query.</summary>
    public QueryBinder Binder => NewBinder(null);

    private QueryBinder NewBinder(ViewName? defined) => new(Connection, Session.ParseTrees, Services.Names, Services.Paths, Session.Trust, defined);

    /// <summary>What transactions on tables of a catalog need.</summary>
    public TransactionContext Transactions(ICatalog catalog) => new(catalog, Services.Store)
    {
        Time = Services.Time,
        OnCommitted = Lineage is { } lineage ? tables => lineage.Wrote(catalog, tables) : null,
    };
}
