using Tarn.Access;
using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Metastore.Access;
using Tarn.Output;
using Tarn.Storage.Local;

namespace Tarn.Commands.Access;

/// <summary>The identities of the data folder that a command line names, whether a server runs on it or not.</summary>
internal sealed class IdentitySession : IAsyncDisposable
{
    private readonly LakeLog _log;
    private readonly AccessServices _services;

    private IdentitySession(DataFolder folder, LakeOptions options, Action<string> say)
    {
        _log = LakeLog.Open(folder.MetastoreFolder, options.Postgres, say: say);
        _services = new AccessServices(new LogAccessStore(_log.Log), new AccessOptions { DataFolder = folder.Path });
    }

    /// <summary>What may be changed and asked.</summary>
    public Tarn.Access.Administration.AccessAdministration Administration => _services.Administration;

    /// <summary>A command that changes identities, and makes the data folder and the account where there are none.</summary>
    public static Func<CommandContext, CancellationToken, Task<int>> Change(Func<CommandContext, IdentitySession, CancellationToken, Task> run) => async (context, cancellationToken) =>
    {
        var options = LakeOptions.Of(context.Words);
        await using var session = new IdentitySession(DataFolder.OpenOrCreate(options.DataFolder, options.WarehouseLocation), options, context.Say);
        await session.Administration.EnsureAccountAsync(cancellationToken);
        await run(context, session, cancellationToken);
        return ExitCode.Done;
    };

    /// <summary>A command for a data folder that is there; it needs no account, so that root can be brought back when the master key is lost.</summary>
    public static Func<CommandContext, CancellationToken, Task<int>> OnExisting(Func<CommandContext, IdentitySession, CancellationToken, Task> run) => async (context, cancellationToken) =>
    {
        await using var session = Existing(context);
        await run(context, session, cancellationToken);
        return ExitCode.Done;
    };

    /// <summary>A command that shows something; answers what, as rows.</summary>
    public static Func<CommandContext, CancellationToken, Task<int>> Show(Func<CommandContext, IdentitySession, CancellationToken, Task<RowsResult>> run) => async (context, cancellationToken) =>
    {
        await using var session = Existing(context);
        await using var rows = await run(context, session, cancellationToken);
        await ResultWriter.WriteAllAsync(rows, context.Format, context.Streams, expanded: false, cancellationToken);
        return ExitCode.Done;
    };

    /// <summary>Shows a key that was just made: the only time that its secret is seen.</summary>
    public static async Task ShowAsync(CommandContext context, Tarn.Access.Administration.NewAccessKey key, CancellationToken cancellationToken)
    {
        await using var rows = new RowsResult(
            [RowsResult.Text("user"), RowsResult.Text("access_key"), RowsResult.Text("secret_key")],
            [[key.User, key.Id, key.Secret]]);
        await ResultWriter.WriteAllAsync(rows, context.Format, context.Streams, expanded: false, cancellationToken);
        context.Say("The secret is shown only now; keep it where secrets are kept.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _log.Dispose();
    }

    private static IdentitySession Existing(CommandContext context)
    {
        var options = LakeOptions.Of(context.Words);
        var folder = DataFolder.OpenExisting(options.DataFolder, options.WarehouseLocation)
            ?? throw TarnException.NotFound($"There is no lake at '{options.DataFolder}'. 'tarn up' or 'tarn user add NAME' makes one; --data DIR or {Tarn.Configuration.ConfigurationKeys.Data.Variable} name another folder.");
        return new IdentitySession(folder, options, context.Say);
    }
}
