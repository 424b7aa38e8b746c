using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;
using Tarn.Metastore.Catalogs;
using Tarn.Output;

namespace Tarn.Commands.Catalogs;

/// <summary>What commands about the catalog itself share.</summary>
internal static class CatalogSession
{
    public static OptionSpec Warehouse { get; } = new("warehouse", "NAME", $"of this warehouse (default: {CatalogAddress.DefaultWarehouse})");

    /// <summary>The value of <see cref="Warehouse"/>.</summary>
    public static string WarehouseOf(CommandContext context) => context.Words.Value(Warehouse.Name) ?? CatalogAddress.DefaultWarehouse;

    /// <summary>A command that changes something.</summary>
    public static Func<CommandContext, CancellationToken, Task<int>> Change(Func<CommandContext, EmbeddedCatalogs, CancellationToken, Task> run) => async (context, cancellationToken) =>
    {
        await using var lake = await context.OpenLakeAsync(LakeAccess.Existing, cancellationToken);
        await run(context, lake.Catalogs, cancellationToken);
        return ExitCode.Done;
    };

    /// <summary>A command that changes something and says what it did.</summary>
    /// <param name="run">Changes it.</param>
    /// <param name="done">The sentence, of the arguments and options.</param>
    public static Func<CommandContext, CancellationToken, Task<int>> Change(Func<CommandContext, EmbeddedCatalogs, CancellationToken, Task> run, Func<CommandContext, string> done) =>
        Change(async (context, catalogs, cancellationToken) =>
        {
            await run(context, catalogs, cancellationToken);
            context.Say(done(context));
        });

    /// <summary>A command that shows something; answers what, as rows.</summary>
    public static Func<CommandContext, CancellationToken, Task<int>> Show(Func<CommandContext, EmbeddedCatalogs, CancellationToken, Task<RowsResult>> run) => async (context, cancellationToken) =>
    {
        await using var lake = await context.OpenLakeAsync(LakeAccess.Existing, cancellationToken);
        await using var rows = await run(context, lake.Catalogs, cancellationToken);
        await ResultWriter.WriteAllAsync(rows, context.Format, context.Streams, expanded: false, cancellationToken);
        return ExitCode.Done;
    };

    /// <summary>The catalog that <see cref="Warehouse"/> and <c>--branch</c> name.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound.</exception>
    public static async Task<EmbeddedCatalog> CatalogOfAsync(CommandContext context, EmbeddedCatalogs catalogs, CancellationToken cancellationToken)
    {
        var at = new CatalogAddress(WarehouseOf(context), context.Words.Value(SharedOptions.Branch.Name) ?? CatalogAddress.MainBranch);
        (await catalogs.Log.ReadAsync(cancellationToken)).RequireBranch(at);
        return (await catalogs.FindAsync($"{at.Warehouse}{CatalogAddress.Separator}{at.Branch}", cancellationToken))!;
    }

    /// <summary>The catalog that <see cref="Warehouse"/> names; without it that of the command, which may be one elsewhere.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound.</exception>
    public static async Task<ICatalog> CatalogOfAsync(CommandContext context, ILake lake, CancellationToken cancellationToken) =>
        context.Words.Value(Warehouse.Name) is null ? lake.Catalog : await CatalogOfAsync(context, lake.Catalogs, cancellationToken);

    /// <summary>A value of <see cref="RowsResult.Instant"/>.</summary>
    public static object Instant(DateTimeOffset time) => RowsResult.InstantOf(time.ToUnixTimeMilliseconds());
}
