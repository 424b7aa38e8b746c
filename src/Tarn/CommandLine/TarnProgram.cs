using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Terminal;

namespace Tarn.CommandLine;

/// <summary>From words to an exit code: finds the command, runs it, and turns every failure into one clear message on stderr.</summary>
internal sealed class TarnProgram(IReadOnlyList<CommandEntry> commands, Streams streams, Cancellation cancellation, Func<LakeOptions, Action<string>, ILake> open)
{
    /// <summary>Runs a command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> words)
    {
        CommandSpec? command = null;
        try
        {
            int code = await RunOrThrowAsync(words, found => command = found);
            streams.Out.Flush(); // the process has nothing else to do meanwhile
            return code;
        }
        catch (UsageException error)
        {
            streams.Error.WriteLine($"tarn{(command is null ? "" : " " + command.Name)}: {error.Message}");
            streams.Error.WriteLine($"see tarn {(command is null ? "" : command.Name + " ")}--help");
            return ExitCode.Usage;
        }
        catch (BrokenPipeException)
        {
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancellation.Process.IsCancellationRequested)
        {
            streams.Error.WriteLine("cancelled");
            return ExitCode.Cancelled;
        }
        catch (Exception error)
        {
            TryFlush();
            PrintError(error, streams);
            return ExitCode.Failed;
        }
    }

    /// <summary>Prints an error as every command does.</summary>
    public static void PrintError(Exception error, Streams streams)
    {
        string kind = error is TarnException or UsageException or IOException or UnauthorizedAccessException ? "" : $"internal error ({error.GetType().Name}): ";
        streams.Error.WriteLine($"{streams.ErrorStyle.Red("error:")} {kind}{error.Message}");
        if (Environment.GetEnvironmentVariable("TARN_DEBUG") is { Length: > 0 })
            streams.Error.WriteLine(error);
        else if (kind.Length > 0)
            streams.Error.WriteLine("This is a defect of Tarn. TARN_DEBUG=1 shows where it happened.");
    }

    private async Task<int> RunOrThrowAsync(IReadOnlyList<string> words, Action<CommandSpec> found)
    {
        int at = CommandParser.FindCommand(words);
        if (at < 0)
            return WithoutCommand(words);
        if (words[at] == "help")
            return Help([.. words.Skip(at + 1).TakeWhile(word => !word.StartsWith('-'))]);
        // The value of a mistyped option in front would be taken for the command.
        if (UnknownOption(words.Take(at)) is { } unknown && commands.All(command => command.Name != words[at]))
            throw unknown;
        var command = Find([.. words.Skip(at).Take(2)]);
        found(command);
        var parsed = CommandParser.Parse(command, words, at);
        if (parsed.Has(SharedOptions.Help.Name))
        {
            streams.Out.Write(HelpText.Of(command));
            return ExitCode.Done;
        }

        var context = new CommandContext(parsed, streams, cancellation) { Open = open };
        return await command.Run(context, cancellation.Process);
    }

    private CommandSpec Find(IReadOnlyList<string> words)
    {
        var command = commands.FirstOrDefault(command => command.Name == words[0])?.Spec
            ?? throw new UsageException($"unknown command '{words[0]}'{CommandParser.DidYouMean(words[0], commands.Select(command => command.Name).Append("help"))}");
        if (command.Subcommands.Count == 0 || words.Count < 2 || words[1].StartsWith('-'))
            return command;
        string name = $"{words[0]} {words[1]}";
        return command.Subcommands.FirstOrDefault(sub => sub.Name == name)
            ?? throw new UsageException($"unknown command '{name}'{CommandParser.DidYouMean(name, command.Subcommands.Select(sub => sub.Name))}");
    }

    private int Help(IReadOnlyList<string> words)
    {
        streams.Out.Write(words.Count == 0 ? HelpText.Overview([.. commands.Select(command => command.Spec)]) : HelpText.Of(Find(words)));
        return ExitCode.Done;
    }

    private int WithoutCommand(IReadOnlyList<string> words)
    {
        if (words.Contains("--version"))
        {
            streams.Out.WriteLine($"tarn {Version}");
            return ExitCode.Done;
        }

        if (words.Contains("--help") || words.Contains("-h"))
        {
            streams.Out.Write(HelpText.Overview([.. commands.Select(command => command.Spec)]));
            return ExitCode.Done;
        }

        throw UnknownOption(words) ?? new UsageException(words.Count == 0 ? "a command is missing, e.g. tarn demo" : "a command is missing behind the options");
    }

    private static UsageException? UnknownOption(IEnumerable<string> words) =>
        words.FirstOrDefault(word => word.StartsWith('-') && word is not ("--" or "-h") && SharedOptions.All.All(option => option.Typed != word.Split('=')[0])) is { } unknown
            ? new UsageException($"unknown option '{unknown}'{CommandParser.DidYouMean(unknown, SharedOptions.All.Select(option => option.Typed).Append("--version"))}")
            : null;

    /// <summary>Version of the program, three numbers.</summary>
    public static string Version => typeof(TarnProgram).Assembly.GetName().Version!.ToString(3);

    private void TryFlush()
    {
        try
        {
            streams.Out.Flush();
        }
        catch (IOException)
        {
            // What failed first is reported; that the results cannot be written either adds nothing.
        }
    }
}
