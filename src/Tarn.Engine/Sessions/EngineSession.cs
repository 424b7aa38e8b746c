using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Execution;
using Tarn.Engine.Lineage;
using Tarn.Engine.Naming;
using Tarn.Engine.Planning;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Sessions;

/// <summary>A session of the embedded engine. Its state lives here; the DuckDB connection behind it may be replaced at any time.</summary>
internal sealed class EngineSession(EngineServices services, SessionTrust trust, string? principal) : ISqlSession
{
    private DuckDbConnection? connection;
    private bool countsProgress;

    /// <inheritdoc/>
    public string CurrentCatalog => Scope.Catalog.Name;

    /// <inheritdoc/>
    public string? CurrentSchema => Scope.Namespace?.ToString();

    /// <summary>Where unqualified names are looked up.</summary>
    public NameScope Scope { get; set; } = new(services.DefaultCatalog, null);

    /// <summary>Prepared statements by name, ignoring case.</summary>
    public Dictionary<string, PrepareStatement> Prepared { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Variables set in this session, replayed on a new connection.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Queries that this session has parsed.</summary>
    public ParseTreeCache ParseTrees { get; } = new();

    /// <summary>What the statements of this session may do.</summary>
    public SessionTrust Trust => trust;

    /// <summary>The instance behind it; of other sessions of the same trust too.</summary>
    public EngineInstance Instance => services.Instance(trust);

    /// <summary>What all sessions share.</summary>
    public EngineServices Services => services;

    /// <summary>A connection to a valid instance.</summary>
    /// <exception cref="TarnException">Unavailable, once: variables were lost with an instance that failed. The next call answers.</exception>
    public DuckDbConnection Connection
    {
        get
        {
            if (connection is { Database.IsInvalidated: true })
            {
                connection.Dispose();
                connection = null;
            }

            return connection ?? Reconnect();
        }
    }

    /// <inheritdoc/>
    public async Task<StatementResult> ExecuteAsync(string sql, StatementOptions? options = null, CancellationToken cancellationToken = default)
    {
        var statements = SqlScript.Split(sql);
        if (statements.Count != 1)
            throw TarnException.Invalid(statements.Count == 0 ? "The statement is empty." : $"One statement at a time is run; these are {statements.Count}.");
        var statement = SqlParser.Parse(statements[0]);
        var lineage = StatementOperation.Of(statement) is { } operation ? LineageOf(operation, statements[0]) : null;
        var context = new StatementContext(this, options ?? new StatementOptions()) { Lineage = lineage };
        if (lineage is null)
            return await RunAsync(context, statement, cancellationToken).ConfigureAwait(false);
        try
        {
            var result = await RunAsync(context, statement, cancellationToken).ConfigureAwait(false);
            if (result is QueryResult)
                return new RecordedResult(result, lineage);
            lineage.End(null);
            return result;
        }
        catch (Exception error)
        {
            lineage.End(error);
            throw;
        }
    }

    /// <summary>Collects what a statement of this session reads and writes; null when nobody keeps it.</summary>
    /// <param name="operation">What it is, e.g. <c>INSERT</c>.</param>
    /// <param name="text">The statement; null for what is none.</param>
    public StatementLineage? LineageOf(string operation, SqlText? text) =>
        services.Lineage is { } log ? new StatementLineage(log, services.Time, principal ?? Environment.UserName, operation, text) : null;

    private static async Task<StatementResult> RunAsync(StatementContext context, SqlStatement statement, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(() => StatementDispatch.ExecuteAsync(context, statement, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (MissingNameException missing)
        {
            throw await missing.DescribeAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        connection?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Whether the connection counts the progress of its statements, which costs some hundredths of their time. Behind the lock of the sandbox nothing can be
    /// set, so progress is not counted there. Ends a result that is still read.
    /// </summary>
    public void CountProgress(bool wanted)
    {
        var current = Connection;
        if (trust == SessionTrust.Untrusted || wanted == countsProgress)
            return;
        current.Execute(wanted ? "SET enable_progress_bar = true; SET enable_progress_bar_print = false" : "SET enable_progress_bar = false");
        countsProgress = wanted;
    }

    private DuckDbConnection Reconnect()
    {
        var opened = Instance.Connect();
        countsProgress = false;
        string[] lost;
        try
        {
            lost = [.. Variables.Keys.Where(name => !TrySet(opened, name))];
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        connection = opened;
        foreach (string name in lost)
            Variables.Remove(name);
        // A statement that went on would read null in their place.
        return lost.Length == 0 ? opened : throw new TarnException(ErrorKind.Unavailable, $"The engine was started anew after an error, and what this session had SET could not all be set again: {string.Join(", ", lost)} is gone. SET it again where it is needed, and repeat the statement.");
    }

    private bool TrySet(DuckDbConnection opened, string name)
    {
        try
        {
            opened.Execute($"SET {name} = {Variables[name]}");
            return true;
        }
        catch (DuckDbException) when (!opened.Database.IsInvalidated)
        {
            return false;
        }
    }
}
