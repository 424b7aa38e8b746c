using Tarn.CommandLine;
using Tarn.Configuration;
using Tarn.Output;
using Tarn.Server;

namespace Tarn.Commands;

/// <summary><c>tarn config</c>: what is configured, from where, and what is wrong with it.</summary>
internal static class ConfigCommand
{
    public static CommandSpec Spec { get; } = new("config", "show the configuration and where each value comes from, or check it")
    {
        Details = """
            Each value comes from the first of: flag, variable TARN_…, file (tarn.yaml), default. 'show' prints them with their source, secrets
            masked; 'check' prints everything that is wrong, with its place and the way out, and fails when there is anything.
            """,
        Arguments = [new ArgumentSpec("ACTION", "show or check")],
        Options = CommandConfiguration.ServerFlags,
        Examples =
        [
            new("tarn config show", "every key, its value and its source"),
            new("tarn config show --format json", "for a program"),
            new("tarn config check", "everything that is wrong at once"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var configuration = CommandConfiguration.Load(context.Words);
        switch (context.Words.Argument(0))
        {
            case "show":
                configuration.ThrowIfWrong();
                await using (var rows = Rows(configuration))
                    await ResultWriter.WriteAllAsync(rows, context.Format, context.Streams, expanded: false, cancellationToken);
                return ExitCode.Done;
            case "check":
                ServerOptions.Of(configuration);
                configuration.ThrowIfWrong();
                context.Say($"the configuration is right ({configuration.File ?? "no file"}, {ConfigurationKeys.All.Count(configuration.IsSet)} of {ConfigurationKeys.All.Count} keys set)");
                return ExitCode.Done;
            case var other:
                throw new UsageException($"'{other}' is neither show nor check");
        }
    }

    private static RowsResult Rows(TarnConfiguration configuration) => new(
        [RowsResult.Text("key"), RowsResult.Text("value"), RowsResult.Text("source")],
        [.. ConfigurationKeys.All.Select(key => new object?[] { key.Path, configuration.Shown(key), configuration.Source(key).ToString() })]);
}
