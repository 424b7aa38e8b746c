using Tarn.CommandLine;
using Tarn.Configuration;
using Tarn.Output;
using Tarn.Server;

namespace Tarn.Commands;

/// <summary><c>tarn config</c>: what is configured, from where, and what is wrong with it.</summary>
internal static class ConfigCommand
{
    public static CommandSpec Spec { get; } = CommandSpec.Group(
        "config",
        "show the configuration and where each value comes from, or check it",
        new CommandSpec("config show", "print every key, its value and where it comes from")
        {
            Details = "Each value comes from the first of: flag, variable TARN_…, file (tarn.yaml), default. Secrets are masked.",
            Options = CommandConfiguration.ServerFlags,
            Examples =
            [
                new("tarn config show", "every key, its value and its source"),
                new("tarn config show --format json", "for a program"),
            ],
            Run = ShowAsync,
        },
        new CommandSpec("config check", "find everything that is wrong with the configuration")
        {
            Details = "Prints every problem with its place and the way out, and fails when there is any.",
            Options = CommandConfiguration.ServerFlags,
            Examples = [new("tarn config check", "everything that is wrong at once")],
            Run = CheckAsync,
        });

    private static async Task<int> ShowAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var configuration = CommandConfiguration.Load(context.Words);
        configuration.ThrowIfWrong();
        await using var rows = new RowsResult(
            [RowsResult.Text("key"), RowsResult.Text("value"), RowsResult.Text("source")],
            [.. ConfigurationKeys.All.Select(key => new object?[] { key.Path, configuration.Shown(key), configuration.Source(key).ToString() })]);
        await ResultWriter.WriteAllAsync(rows, context.Format, context.Streams, expanded: false, cancellationToken);
        return ExitCode.Done;
    }

    private static Task<int> CheckAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var configuration = CommandConfiguration.Load(context.Words);
        ServerOptions.Of(configuration);
        configuration.ThrowIfWrong();
        context.Say($"the configuration is right ({configuration.File ?? "no file"}, {ConfigurationKeys.All.Count(configuration.IsSet)} of {ConfigurationKeys.All.Count} keys set)");
        return Task.FromResult(ExitCode.Done);
    }
}
