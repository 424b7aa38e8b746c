using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Maintenance;
using Tarn.Shell;

namespace Tarn.Commands;

/// <summary><c>tarn relocate FROM TO</c>: tables whose files were copied name the new place.</summary>
internal static class RelocateCommand
{
    public static CommandSpec Spec { get; } = new("relocate", "make tables name the place that their files were copied to")
    {
        Details = """
            Iceberg metadata holds the full location of every file. After a copy (tarn s3 sync) this writes new metadata, manifest lists and
            manifests at the new place and moves the catalog to them, table by table; history, branches and tags stay. That every data file
            is at the new place, with its length, is checked first. The old files are left alone: remove them when nobody reads them any more.
            """,
        Arguments =
        [
            new ArgumentSpec("FROM", "beginning of the old locations, e.g. s3://lake/"),
            new ArgumentSpec("TO", "what comes in its place, e.g. s3://bucket/lake/"),
            new ArgumentSpec("TABLE", "only these tables (default: all that lie at FROM)") { Optional = true, Many = true },
        ],
        Examples =
        [
            new("tarn relocate s3://lake/ s3://company-lake/", "the whole lake, into the bucket of storage.s3"),
            new("tarn relocate s3://lake/sales/ file:///srv/sales/ sales.orders", "one table"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var words = context.Words.Arguments;
        (string from, string to) = (words[0], words[1]);
        if (from.EndsWith('/') != to.EndsWith('/'))
            throw new UsageException($"'{from}' and '{to}' must both end with a slash, or neither: one is put in the place of the other");
        var wanted = words.Skip(2).Select(TableName.ParseIdentifier).ToArray();
        await using var lake = await context.OpenLakeAsync(LakeAccess.Existing, cancellationToken);
        var moves = new LocationMap([KeyValuePair.Create(from, to)]);
        int moved = wanted.Length > 0
            ? await RelocateAsync(context, lake, moves, wanted, cancellationToken)
            : await RelocateAllAsync(context, lake, moves, cancellationToken);
        if (moved == 0)
            throw TarnException.NotFound($"No table or view lies at '{from}'.");
        return ExitCode.Done;
    }

    private static async Task<int> RelocateAsync(CommandContext context, ILake lake, LocationMap moves, TableIdentifier[] tables, CancellationToken cancellationToken)
    {
        foreach (var name in tables)
        {
            var table = await lake.Catalog.LoadTableAsync(name, cancellationToken) ?? throw TarnException.NotFound($"There is no table '{name}'.");
            await RelocateAsync(context, lake, moves, table, cancellationToken);
        }

        return tables.Length;
    }

    private static async Task<int> RelocateAllAsync(CommandContext context, ILake lake, LocationMap moves, CancellationToken cancellationToken)
    {
        int moved = 0;
        await foreach (var @namespace in new CatalogWalk(lake.Catalog).NamespacesAsync(cancellationToken))
        {
            foreach (var name in (await lake.Catalog.ListTablesAsync(@namespace, cancellationToken: cancellationToken)).Items)
            {
                if (await lake.Catalog.LoadTableAsync(name, cancellationToken) is { } table && IsMoved(moves, table.Metadata.Location))
                    moved += await RelocateAsync(context, lake, moves, table, cancellationToken);
            }

            foreach (var name in (await lake.Catalog.ListViewsAsync(@namespace, cancellationToken: cancellationToken)).Items)
            {
                if (await lake.Catalog.LoadViewAsync(name, cancellationToken) is { } view && IsMoved(moves, view.Metadata.Location))
                    moved += await RelocateAsync(context, lake, moves, view, cancellationToken);
            }
        }

        return moved;
    }

    private static async Task<int> RelocateAsync(CommandContext context, ILake lake, LocationMap moves, TableHandle table, CancellationToken cancellationToken)
    {
        string metadata = await new RelocateTable(lake.Store, moves, Guid.NewGuid).PrepareAsync(table, cancellationToken);
        await lake.Catalog.RegisterTableAsync(table.Identifier, metadata, replaced: table, cancellationToken);
        context.Say($"{table.Identifier} lies at {moves.Map(table.Metadata.Location)}");
        return 1;
    }

    private static async Task<int> RelocateAsync(CommandContext context, ILake lake, LocationMap moves, ViewHandle view, CancellationToken cancellationToken)
    {
        var moved = view.Metadata with { Location = moves.Map(view.Metadata.Location) };
        await lake.Catalog.CommitViewAsync(view.Identifier, view, moved, cancellationToken);
        context.Say($"{view.Identifier} lies at {moved.Location}");
        return 1;
    }

    private static bool IsMoved(LocationMap moves, string location) => moves.Map(location) != LocationMap.NormalizeScheme(location);
}
