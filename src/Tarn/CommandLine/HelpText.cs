using System.Text;

namespace Tarn.CommandLine;

/// <summary>Writes help from the command table.</summary>
internal static class HelpText
{
    /// <summary>The overview that <c>tarn --help</c> shows.</summary>
    public static string Overview(IReadOnlyList<CommandSpec> commands)
    {
        var text = new StringBuilder("Tarn: a lakehouse in one program. Files in, Apache Iceberg tables, SQL out.\n\n");
        text.Append("Usage: tarn COMMAND [OPTIONS]\n\nCommands:\n");
        AppendColumns(text, commands.Select(command => (command.Name, command.Summary)));
        text.Append("\nOptions of every command:\n");
        AppendColumns(text, SharedOptions.All.Select(option => (Left(option), option.Description)).Append(("    --version", "show the version")));
        text.Append("\nExamples:\n");
        AppendExamples(text, [
            new("tarn demo", "a whole lake in seconds: raw files to a gold report"),
            new("tarn ingest raw/sales.csv --table sales.orders", "a file becomes a table"),
            new("tarn sql -c \"SELECT * FROM gold.returns\"", "ask it"),
            new("tarn sql", "an interactive shell")]);
        return text.Append("\n'tarn COMMAND --help' shows more, with examples.\nExit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled.\n").ToString();
    }

    /// <summary>Help of one command.</summary>
    public static string Of(CommandSpec command)
    {
        var text = new StringBuilder($"{command.Summary}\n\nUsage: {UsageOf(command)}\n");
        if (command.Details.Length > 0)
            text.Append('\n').Append(command.Details.TrimEnd()).Append('\n');
        if (command.Subcommands.Count > 0)
        {
            text.Append("\nCommands:\n");
            AppendColumns(text, command.Subcommands.Select(sub => (sub.Name, sub.Summary)));
        }

        if (command.Arguments.Count > 0)
        {
            text.Append("\nArguments:\n");
            AppendColumns(text, command.Arguments.Select(argument => (argument.Name, argument.Description)));
        }

        if (command.Options.Count > 0)
        {
            text.Append("\nOptions:\n");
            AppendColumns(text, command.Options.Select(option => (Left(option), option.Description)));
        }

        text.Append("\nOptions of every command:\n");
        AppendColumns(text, command.AllOptions.Except(command.Options).Select(option => (Left(option), option.Description)));
        text.Append("\nExamples:\n");
        AppendExamples(text, command.Examples);
        return text.ToString();
    }

    /// <summary>The usage line of a command.</summary>
    public static string UsageOf(CommandSpec command) =>
        string.Join(' ', [$"tarn {command.Name}", .. command.Subcommands.Count > 0 ? ["COMMAND"] : Array.Empty<string>(), .. command.Arguments.Select(Shown), .. command.Options.Count > 0 ? ["[OPTIONS]"] : Array.Empty<string>()]);

    private static string Shown(ArgumentSpec argument)
    {
        string shown = argument.Many ? argument.Name + "…" : argument.Name;
        return argument.Optional ? $"[{shown}]" : shown;
    }

    private static string Left(OptionSpec option) =>
        (option.Letter is { } letter ? $"-{letter}, " : "    ") + option.Typed + (option.ValueName is null ? "" : " " + option.ValueName);

    private static void AppendColumns(StringBuilder text, IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.ToList();
        int width = all.Max(row => row.Left.Length);
        foreach (var (left, right) in all)
            text.Append("  ").Append(left.PadRight(width)).Append("  ").Append(right).Append('\n');
    }

    private static void AppendExamples(StringBuilder text, IEnumerable<Example> examples)
    {
        foreach (var example in examples)
            text.Append("  # ").Append(example.Explains).Append("\n  ").Append(example.Line).Append('\n');
    }
}
