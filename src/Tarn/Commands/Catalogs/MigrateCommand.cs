using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Moving;
using Tarn.Metastore.Postgres;
using Tarn.Server;
using Tarn.Storage.Local;

namespace Tarn.Commands.Catalogs;

/// <summary><c>tarn catalog migrate</c>: the whole catalog moves between the data folder and PostgreSQL.</summary>
internal static class MigrateCommand
{
    private const string Configured = "postgres";

    private static readonly OptionSpec s_to = new("to", "URL", $"move the data folder's catalog there: postgres://USER@HOST/DATABASE, or '{Configured}' for what metastore.postgres says");
    private static readonly OptionSpec s_from = new("from", "URL", "move the catalog from there to the data folder");
    private static readonly OptionSpec s_dryRun = new("dry-run", null, "say what would be moved and move nothing");

    public static CommandSpec Spec { get; } = new("catalog migrate", "move the whole catalog between the data folder and PostgreSQL")
    {
        Details = $"""
            Tables, views, branches, warehouses, identities and the whole history move, with the numbers of all commits; files of tables stay where
            they are. The target must be empty, and is refused until it has everything; the source works until then, keeps its copy and sends everybody to the target. No
            server may run on the data folder, and commits of others wait. Interrupted, the same command again finishes.
            Give the password by PGPASSWORD or a passfile, or the whole connection by {ConfigurationKeys.MetastorePostgres.Variable}: command lines are seen by all.
            """,
        Options = [s_to, s_from, s_dryRun],
        Examples =
        [
            new("tarn catalog migrate --to postgres://tarn@db.example/lake --dry-run", "what would be moved"),
            new("tarn catalog migrate --to postgres", "to the PostgreSQL that metastore.postgres or its variable names"),
            new("tarn catalog migrate --from postgres", "back into the data folder"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var configuration = CommandConfiguration.Load(context.Words);
        configuration.ThrowIfWrong();
        var options = LakeOptions.Of(context.Words, configuration);
        var (postgres, isToPostgres) = context.Words switch
        {
            var words when words.Value(s_to.Name) is { } to && words.Value(s_from.Name) is null => (PostgresOf(to, configuration), true),
            var words when words.Value(s_from.Name) is { } from && words.Value(s_to.Name) is null => (PostgresOf(from, configuration), false),
            _ => throw new UsageException("say where to: --to URL, or where from: --from URL"),
        };
        bool isDryRun = context.Words.Has(s_dryRun.Name);
        var folder = isToPostgres || isDryRun ? DataFolder.OpenExisting(options.DataFolder, options.WarehouseLocation) : DataFolder.OpenOrCreate(options.DataFolder, options.WarehouseLocation);
        if (folder is null && isToPostgres)
            throw TarnException.NotFound($"There is no lake at '{options.DataFolder}'; --data DIR or {ConfigurationKeys.Data.Variable} name another folder.");
        // Only a dry run meets a folder that is not there, and makes none.
        folder ??= new DataFolder(Path.GetFullPath(options.DataFolder), options.WarehouseLocation ?? DataFolder.DefaultWarehouse);
        using var taken = isDryRun ? DataFolderLock.TakeExisting(folder.Path, PhysicalFileSystem.Instance) : DataFolderLock.Take(folder.Path, PhysicalFileSystem.Instance);
        var move = new LogMove(folder.MetastoreFolder, postgres, onProgress: (done, of) => context.Say($"{done} of {of} commits"));
        long count = isToPostgres ? await move.ToPostgresAsync(isDryRun, cancellationToken) : await move.FromPostgresAsync(isDryRun, cancellationToken);
        string place = isToPostgres ? $"to PostgreSQL at {postgres}" : $"from PostgreSQL at {postgres} to '{folder.Path}'";
        context.Say(isDryRun ? $"{count} commits would be moved {place}; nothing was changed" : $"{count} commits were moved {place}");
        if (!isDryRun)
            context.Say(isToPostgres ? $"Every command and server needs {ConfigurationKeys.MetastorePostgres.Path} now, and the folder .keys of '{folder.Path}'." : $"Take {ConfigurationKeys.MetastorePostgres.Path} out of the configuration now.");
        return ExitCode.Done;
    }

    private static PostgresOptions PostgresOf(string text, TarnConfiguration configuration) => text == Configured
        ? LakeLog.PostgresOf(configuration) ?? throw new UsageException($"{ConfigurationKeys.MetastorePostgres.Path} is not set; give postgres://USER@HOST/DATABASE")
        : PostgresOptions.Parse(text, configuration.Get(ConfigurationKeys.MetastoreSchema));
}
