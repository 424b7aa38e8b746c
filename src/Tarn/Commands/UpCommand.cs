using Tarn.Access.Administration;
using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Server;
using Tarn.Server.Logging;

namespace Tarn.Commands;

/// <summary><c>tarn up</c>: the server, in the foreground.</summary>
internal static class UpCommand
{
    private static readonly OptionSpec s_readyFile = new("ready-file", "FILE", "write {\"http\":\"HOST:PORT\",…} there once everything answers");

    public static CommandSpec Spec { get; } = new("up", "start the server in the foreground")
    {
        Details = """
            Prints what listens where, and ends on Ctrl-C or SIGTERM after the requests that run; a second signal ends it at once. What the flags
            change can also stand in tarn.yaml or in variables: see 'tarn config show'. The other commands work on the same data folder meanwhile.
            """,
        Options = [.. CommandConfiguration.ServerFlags, s_readyFile],
        Examples =
        [
            new("tarn up", "on this machine only, ./tarn-data"),
            new("tarn up --data /srv/lake --listen-http 0.0.0.0:8080", "reachable from other machines"),
            new("tarn up --listen-http 127.0.0.1:0 --ready-file ready.json", "on a free port that scripts read from the file"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var configuration = CommandConfiguration.Load(context.Words);
        var options = ServerOptions.Of(configuration);
        configuration.ThrowIfWrong();
        if (options.Roles.Count == 0)
            throw TarnException.Invalid("There is nothing to serve: the lake is in an S3 service (storage.s3) and its catalog elsewhere (catalog.rest or catalog.hive). Commands work on them without a server.");
        var lake = LakeOptions.Of(context.Words, configuration);
        options = options with
        {
            Map = lake.Map,
            WarehouseLocation = lake.WarehouseLocation,
            Remote = lake.Remote,
            IsCatalogElsewhere = lake.External is not null,
            Postgres = lake.Postgres,
            CacheSizeBytes = lake.CacheSizeBytes,
            ReadyFile = context.Words.Value(s_readyFile.Name) is { Length: > 0 } file ? Path.GetFullPath(file) : null,
        };
        await using var log = new ServerLog(context.Streams.Error, options.LogForm, options.LogLevel, TimeProvider.System);
        await using var ground = ServerGround.Open(options, TimeProvider.System);
        await using var server = new TarnServer(options, ground, log, TimeProvider.System);
        if (await TryStartAsync(server, cancellationToken) is not { } root)
            return ExitCode.Done;
        foreach (string line in ServerListing.Lines(options, server.Doors, root, configuration.File))
            await context.Streams.Out.WriteLineAsync(line);
        await context.Streams.Out.FlushAsync(CancellationToken.None);
        await server.RunAsync(cancellationToken);
        return ExitCode.Done;
    }

    // Told to stop before it was ready: a stop like any other.
    private static async Task<RootStart?> TryStartAsync(TarnServer server, CancellationToken cancellationToken)
    {
        try
        {
            return await server.StartAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
