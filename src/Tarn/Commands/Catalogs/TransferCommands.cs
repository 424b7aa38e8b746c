using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Transfer;
using Tarn.Output;
using Tarn.Terminal;

namespace Tarn.Commands.Catalogs;

/// <summary><c>tarn catalog import</c> and <c>export</c>: the tables and views of one catalog registered in another, without copying data.</summary>
internal static class TransferCommands
{
    private const string Folder = "folder:", Skip = "skip", Fail = "fail";

    private static readonly OptionSpec s_from = new("from", "CATALOG", "where they are: rest:URI, hive:HOST:PORT, or folder:DIR of metadata files");
    private static readonly OptionSpec s_to = new("to", "CATALOG", "where they go: rest:URI or hive:HOST:PORT");
    private static readonly OptionSpec s_namespace = new("namespace", "NAME", "only this schema with those below it; of a folder: the schema that its tables get");
    private static readonly OptionSpec s_exported = new("namespace", "NAME", "only this schema with those below it");
    private static readonly OptionSpec s_dryRun = new("dry-run", null, "change nothing, and say which names are free and would be registered; whether the files can be read is not asked");
    private static readonly OptionSpec s_existing = new("existing", "HOW", "names that something else has: skip them, or fail at the end (default: skip)") { Choices = [Skip, Fail] };

    public static CommandSpec Import => new("catalog import", "register the tables and views of another catalog or a folder, without copying data")
    {
        Details = """
            Both catalogs name the same files from then on, and a commit in one is not seen by the other: write to the tables in one place only. The same command
            again goes on where the last one ended. What has a name already stays as it is.
            """,
        Options = [s_from, s_namespace, s_dryRun, s_existing, .. RemoteCatalogName.Options],
        Examples =
        [
            new("tarn catalog import --from folder:tarn-data/lake --namespace copy --dry-run", "what lies in a folder; DIR may be a location, too"),
            new("tarn catalog import --from rest:http://catalog:8181/ --credential-file secret.txt", "what another Iceberg REST catalog has"),
        ],
        Run = async (context, cancellationToken) =>
        {
            string from = context.Words.Value(s_from.Name) ?? throw new UsageException("--from is missing: --from rest:URI, --from hive:HOST:PORT or --from folder:DIR");
            var name = NamespaceOf(context.Words.Value(s_namespace.Name));
            await using var lake = await context.OpenLakeAsync(LakeAccess.Create, cancellationToken);
            if (from.StartsWith(Folder, StringComparison.Ordinal) && from.Length > Folder.Length)
                return await RunAsync(context, new CopyRegistrations(new FolderSource(lake.Store, LocationOf(from[Folder.Length..]), name), lake.Catalog), Namespace.Root, cancellationToken);
            using var other = RemoteCatalogName.Open(from, context.Words, lake);
            return await RunAsync(context, new CopyRegistrations(new CatalogSource(other.Catalog), lake.Catalog), name, cancellationToken);
        },
    };

    public static CommandSpec Export => new("catalog export", "register the tables and views of the lake in another catalog, without copying data")
    {
        Details = """
            The other catalog must be able to read the locations that the tables have. Both catalogs name the same files from then on, and a commit in one is not
            seen by the other: write to the tables in one place only.
            """,
        Options = [s_to, s_exported, s_dryRun, s_existing, .. RemoteCatalogName.Options],
        Examples = [new("tarn catalog export --to rest:http://catalog:8181/ --namespace gold --dry-run", "what would go to another Iceberg REST catalog")],
        Run = async (context, cancellationToken) =>
        {
            string to = context.Words.Value(s_to.Name) ?? throw new UsageException("--to is missing: --to rest:URI or --to hive:HOST:PORT");
            await using var lake = await context.OpenLakeAsync(LakeAccess.Existing, cancellationToken);
            using var other = RemoteCatalogName.Open(to, context.Words, lake);
            return await RunAsync(context, new CopyRegistrations(new CatalogSource(lake.Catalog), other.Catalog), NamespaceOf(context.Words.Value(s_exported.Name)), cancellationToken);
        },
    };

    private static async Task<int> RunAsync(CommandContext context, CopyRegistrations copy, Namespace below, CancellationToken cancellationToken)
    {
        var done = new List<Registration>();
        using (var progress = new ProgressDisplay(context.Streams, TimeProvider.System))
        {
            await foreach (var registration in copy.RunAsync(below, context.Words.Has(s_dryRun.Name), cancellationToken))
            {
                done.Add(registration);
                progress.Report(new StatementProgress("registering", done.Count, null, "names"));
            }
        }

        await using var rows = new RowsResult(
            [RowsResult.Text("name"), RowsResult.Text("kind"), RowsResult.Text("outcome"), RowsResult.Text("metadata"), RowsResult.Text("reason")],
            [.. done.Select(r => new object?[] { r.Name.ToString(), r.IsView ? "view" : "table", Word(r.Outcome), r.MetadataLocation, r.Reason })]);
        await ResultWriter.WriteAllAsync(rows, context.Format, context.Streams, expanded: false, cancellationToken);
        context.Say(done.Count == 0 ? "There is nothing to register." : string.Join(", ", done.GroupBy(r => r.Outcome).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Word(g.Key)}")) + ".");
        if (done.Exists(r => r.Outcome == RegistrationOutcome.Planned))
            context.Say("The names were asked for and are free; whether the catalog that gets them can read the metadata files shows only when they are registered.");
        bool hasFailed = done.Exists(r => r.Outcome == RegistrationOutcome.Failed || (r.Outcome == RegistrationOutcome.Taken && context.Words.Value(s_existing.Name) == Fail));
        return hasFailed ? ExitCode.Failed : ExitCode.Done;
    }

    private static Namespace NamespaceOf(string? text) => text is null ? Namespace.Root : Namespace.Of(text.Split('.'));

    private static string LocationOf(string folder) => folder.Contains("://", StringComparison.Ordinal) ? folder
        : Directory.Exists(folder) ? $"file://{Path.GetFullPath(folder).Replace('\\', '/')}"
        : throw TarnException.NotFound($"There is no folder '{folder}'; name the one that holds SCHEMA/TABLE/metadata, or a location such as s3://company/warehouse.");

    private static string Word(RegistrationOutcome outcome) => outcome switch
    {
        RegistrationOutcome.Registered => "registered",
        RegistrationOutcome.Planned => "to be registered",
        RegistrationOutcome.Present => "there already",
        RegistrationOutcome.Taken => "name taken",
        RegistrationOutcome.Foreign => "not Iceberg",
        RegistrationOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
