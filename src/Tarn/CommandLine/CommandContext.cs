using Tarn.Commands;
using Tarn.Commands.Catalogs;
using Tarn.Composition;
using Tarn.Metastore;
using Tarn.Terminal;

namespace Tarn.CommandLine;

/// <summary>What a command runs with.</summary>
/// <param name="Words">The parsed command line.</param>
/// <param name="Streams">Input and output.</param>
/// <param name="Cancellation">Signals; for commands that outlive a cancelled statement.</param>
internal sealed record CommandContext(ParsedCommand Words, Streams Streams, Cancellation Cancellation)
{
    /// <summary>Opens the lake that the options name.</summary>
    public required Func<LakeOptions, Action<string>, ILake> Open { get; init; }

    /// <summary>The value of <c>--format</c>.</summary>
    public string Format => Words.Value(SharedOptions.Format.Name) ?? "table";

    /// <summary>The lake of this command line. The caller disposes it.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound: there is none where one must be, or it has no branch of the name.</exception>
    public async Task<ILake> OpenLakeAsync(LakeAccess access, CancellationToken cancellationToken)
    {
        var options = LakeOptions.Of(Words);
        if (options.Branch == CatalogAddress.MainBranch)
            return Open(options with { Access = access }, Say);
        // A branch is one of a lake that is there, whatever the command would make.
        var lake = Open(options with { Access = LakeAccess.Existing }, Say);
        try
        {
            (await lake.Catalogs.Log.ReadAsync(cancellationToken)).RequireBranch(new CatalogAddress(CatalogSession.WarehouseOf(this), options.Branch));
            return lake;
        }
        catch
        {
            await lake.DisposeAsync();
            throw;
        }
    }

    /// <summary>The lake that holds a table; for a table outside any lake will do.</summary>
    public Task<ILake> OpenLakeAsync(TableName table, CancellationToken cancellationToken) =>
        OpenLakeAsync(table.Identifier is null ? LakeAccess.Outside : LakeAccess.Existing, cancellationToken);

    /// <summary>Writes a line for people to stderr.</summary>
    public void Say(string line) => Streams.Error.WriteLine(line);
}
