using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Postgres;

namespace Tarn.Metastore.Tests.Processes;

/// <summary>
/// A server's worth of committers on one PostgreSQL: each moves a table of its own on, and every fourth time a table that all share. It says <c>try ID</c> before and
/// <c>done ID NUMBER</c> after each commit, or <c>unknown ID</c>.
/// </summary>
internal static class PostgresCommitter
{
    public const string Variable = "TARN_TEST_POSTGRES";

    public static readonly Namespace Space = Namespace.Of("sales");

    public static readonly TableIdentifier Shared = new(Space, "shared");

    /// <param name="schema">The schema; the connection is in the environment.</param>
    /// <param name="process">Name of this process; no two have the same.</param>
    /// <param name="threads">How many commit at once.</param>
    /// <param name="count">Commits of each.</param>
    public static async Task<int> RunAsync(string schema, string process, int threads, int count)
    {
        using var log = new PostgresCommitLog(PostgresOptions.Parse(Environment.GetEnvironmentVariable(Variable)!, schema));
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(() => CommitAsync(log, $"{process}-{thread}", count))));
        return 0;
    }

    private static async Task CommitAsync(PostgresCommitLog log, string writer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var table = i % 4 == 3 ? Shared : new TableIdentifier(Space, writer);
            string id = $"{writer}-{i}";
            await SayAsync($"try {id}");
            await SayAsync(await CommitAsync(log, table, id));
        }
    }

    private static async Task<string> CommitAsync(PostgresCommitLog log, TableIdentifier table, string id)
    {
        while (true)
        {
            string? present = (await log.ReadAsync()).Main.FindTable(table)?.MetadataLocation;
            try
            {
                var commit = await log.AppendAsync(new CommitRequest("test", [new CommitCondition.TableIs(table, present)], [new CatalogChange.PutTable(table, Guid.Empty, id)]));
                return $"done {id} {commit.Number}";
            }
            catch (CommitStateUnknownException)
            {
                return $"unknown {id}";
            }
            catch (TarnException lost) when (lost.Kind is ErrorKind.Conflict or ErrorKind.AlreadyExists)
            {
                continue; // somebody else moved the shared table on: again, from its new state
            }
        }
    }

    private static async Task SayAsync(string line)
    {
        await Console.Out.WriteLineAsync(line);
        await Console.Out.FlushAsync();
    }

    /// <summary>The first commit, which all others need.</summary>
    public static CommitRequest Begin() => new("test", [], [new CatalogChange.PutNamespace(Space, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal))]);
}
