using Tarn.Core.Errors;
using Tarn.Core.Tasks;
using Tarn.Engine.Naming;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Execution;

/// <summary>
/// IF [NOT] EXISTS and OR REPLACE speak of what is there when the statement commits, not of what was there when it looked: who finds that somebody else
/// was quicker looks again.
/// </summary>
internal static class LostRace
{
    // Whoever loses has seen somebody else win, so this many others have to come first.
    private const int MaxTries = 30;

    // What fails in the same way beside the same state is no lost race, unless it came and went in between.
    private const int MaxSame = 4;

    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs a statement; again when it lost a race and says that what is there is no error.</summary>
    public static Task<T> RunAsync<T>(StatementContext context, SqlStatement statement, Func<Task<T>> run, CancellationToken cancellationToken) => statement switch
    {
        CreateSchemaStatement { IfNotExists: true, Name: var name } => LookAgainAsync(context, () => SchemaAsync(context, name, cancellationToken), run, cancellationToken),
        DropSchemaStatement { IfExists: true, Name: var name } => LookAgainAsync(context, () => SchemaAsync(context, name, cancellationToken), run, cancellationToken),
        _ => Target(statement) is { } name ? LookAgainAsync(context, () => StateAsync(context, name, cancellationToken), run, cancellationToken) : run(),
    };

    /// <summary>
    /// Runs until it succeeds or fails for another reason than that somebody else was quicker: AlreadyExists, NotFound and Conflict are such a reason, unless they come
    /// again and again while <paramref name="look"/> sees the same state.
    /// </summary>
    /// <param name="context">Gives time and randomness.</param>
    /// <param name="look">The state of the thing that is created, replaced or dropped; null when there is none.</param>
    /// <param name="run">Looks and commits.</param>
    /// <param name="cancellationToken">Cancels the waits.</param>
    public static async Task<T> LookAgainAsync<T>(StatementContext context, Func<ValueTask<string?>> look, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        string? seen = null;
        ErrorKind? kind = null;
        int same = 0;
        long start = context.Services.Time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await run().ConfigureAwait(false);
            }
            catch (TarnException e) when (attempt < MaxTries && context.Services.Time.GetElapsedTime(start) < CommitBackoff.Limit && e.Kind is ErrorKind.AlreadyExists or ErrorKind.NotFound or ErrorKind.Conflict)
            {
                string? now = await look().ConfigureAwait(false);
                bool isSame = attempt > 1 && now == seen && e.Kind == kind && e.Kind != ErrorKind.Conflict;
                same = isSame ? same + 1 : 0;
                if (same == MaxSame)
                    throw;
                kind = e.Kind;
                seen = now;
            }

            double step = Math.Min(MaxWait.TotalMilliseconds, MinWait.TotalMilliseconds * attempt);
            await Task.Delay(TimeSpan.FromMilliseconds(step * (0.5 + (context.Random.NextDouble() / 2))), context.Services.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What tells the state of a table or view from every other; null when there is none.</summary>
    public static async ValueTask<string?> StateAsync(StatementContext context, QualifiedName name, CancellationToken cancellationToken) =>
        await TableLookup.FindAsync(context, name, cancellationToken).ConfigureAwait(false) switch
        {
            null => null,
            TableSource.Table table => table.Handle.MetadataLocation,
            TableSource.View view => view.Handle.MetadataLocation,
            TableSource.Foreign foreign => foreign.Handle.Identifier.ToString(),
            var other => throw new InvalidOperationException($"{other.GetType().Name} has no state."),
        };

    private static async ValueTask<string?> SchemaAsync(StatementContext context, QualifiedName schema, CancellationToken cancellationToken)
    {
        var (catalog, name) = await context.Services.Names.SchemaNameAsync(schema.Texts, context.Scope, cancellationToken).ConfigureAwait(false);
        return (await NameResolver.ExistingNamespaceAsync(catalog, name, cancellationToken).ConfigureAwait(false))?.ToString();
    }

    // The table or view of a statement that takes what is there as it is; null for all others.
    private static QualifiedName? Target(SqlStatement statement) => statement switch
    {
        CreateTableStatement create => create.IfNotExists || create.OrReplace ? create.Name : null,
        CreateViewStatement { MustExist: false } create => create.IfNotExists || create.OrReplace ? create.Name : null,
        DropTableStatement { IfExists: true } drop => drop.Name,
        DropViewStatement { IfExists: true } drop => drop.Name,
        RenameViewStatement { IfExists: true } rename => rename.Name,
        AlterViewPropertiesStatement { IfExists: true } alter => alter.Name,
        AlterTableStatement alter => alter.IfExists || alter.Actions.Any(TakesWhatIsThere) ? alter.Table : null,
        _ => null,
    };

    private static bool TakesWhatIsThere(AlterTableAction action) => action switch
    {
        AddColumn add => add.IfNotExists,
        DropColumn drop => drop.IfExists,
        RenameColumn rename => rename.IfExists,
        CreateRef create => create.IfNotExists || create.OrReplace,
        DropRef drop => drop.IfExists,
        _ => false,
    };
}
